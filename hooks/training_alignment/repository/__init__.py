"""The files of a repository: git, the walk, the root, contents and parsed modules."""
