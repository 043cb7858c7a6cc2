"""The start of the verb ``server``."""

from __future__ import annotations

from training_alignment.exit_codes import OK, USAGE
from training_alignment.output import complain


def serve() -> int:
    """Serve an editor until it ends the session; without pygls, say what to install."""
    try:
        from training_alignment.server.protocol import start
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        complain("the language server needs pygls: pip install 'flake8-training[lsp]'")
        return USAGE
    start()
    return OK
