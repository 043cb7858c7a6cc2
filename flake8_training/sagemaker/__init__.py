"""Facts about SageMaker as data.

In scope: variables, paths, limits, instance types, property trees, signatures. No module here reads a script. Every
fact names the package and version that it comes from, or says that it rests on documentation alone. Outside of this
folder the modules import ``flake8_training.record`` only, and each can be imported alone. A JSON table is read when it
is first used.
"""
