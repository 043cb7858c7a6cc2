"""Results of earlier runs, and the test of whether what they have read is unchanged."""
