"""The command as a module: ``python -m training_alignment``.

Python puts the current folder first on its module path, and the current folder belongs to the checked repository. It is
removed before anything else is imported. A folder ``training_alignment`` in it still shadows this package; ``python -P
-m training_alignment`` and the script ``training-alignment`` do not search the current folder.
"""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]
    from training_alignment.cli import command

    command()
