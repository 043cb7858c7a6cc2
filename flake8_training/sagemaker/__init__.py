"""What SageMaker itself does, as data: variables, paths, limits, instance types, property trees, signatures.

Nothing here reads a script. Every fact names the package and version it was read from, or says that it
rests on documentation alone. The modules import nothing from the rest of the package and may be imported
one at a time; the JSON tables are read when they are first asked for.
"""
