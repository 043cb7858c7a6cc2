"""The rules over one training script (TRN1xx)."""
