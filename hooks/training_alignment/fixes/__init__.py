"""Application of the findings' fixes: in memory until nothing changes, then as a diff or in the files."""
