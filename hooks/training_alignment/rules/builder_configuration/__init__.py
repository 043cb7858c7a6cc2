"""A builder class against its configuration (TRN417 to TRN420)."""
