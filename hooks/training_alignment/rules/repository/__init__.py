"""The artefact files themselves and the project's configuration (TRN002 to TRN004)."""
