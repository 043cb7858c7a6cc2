"""A launcher against the script that it starts: trainings (TRN406 to TRN438) and processing jobs (TRN451 to TRN454)."""
