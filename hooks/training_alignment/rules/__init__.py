"""The rules over several files: one class a module, in a folder for each pair of artefacts."""
