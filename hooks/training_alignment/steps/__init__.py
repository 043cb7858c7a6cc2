"""Which files make up which step: as the project lists them, as the files say, and only then by their names."""
