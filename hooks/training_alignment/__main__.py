"""``python -m training_alignment``: the command."""

from __future__ import annotations

import sys

from training_alignment.cli import main

if __name__ == "__main__":
    sys.exit(main())
