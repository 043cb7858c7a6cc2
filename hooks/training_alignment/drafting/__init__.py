"""Drafts of artefacts from a script: contract, specification, step file, launcher. It may import comparisons."""
