"""``python -m training_alignment``: the command.

Python puts the current folder first where it looks for modules, and the current folder is the checked repository's: it
is taken away before anything else is imported. A folder ``training_alignment`` in it comes before this one all the
same; ``python -P -m training_alignment`` and the script ``training-alignment`` know nothing of the current folder.
"""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]
    from training_alignment.cli import main

    sys.exit(main())
