"""A launcher against the script that it starts (TRN406 to TRN424)."""
