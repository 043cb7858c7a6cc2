"""A specification against the steps that it depends on (TRN3xx)."""
