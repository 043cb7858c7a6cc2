"""The contract against the specification (TRN2xx)."""
