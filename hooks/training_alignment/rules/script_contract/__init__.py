"""The script against its contract (TRN125, TRN15x, TRN16x)."""
