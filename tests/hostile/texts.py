"""Names, messages and paths as somebody may write them who wants to break what reads them."""

from __future__ import annotations

import re
from typing import Final

from hypothesis import strategies as st

PIECES: Final = (
    *(
        "::",
        "::error file=a.py::x",
        "::stop-commands::x",
        "##[",
        "##[stop-commands]x",
        "##vso[task.complete]x",
    ),
    *(
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\u2029",
        "\x1b[31m",
        "\x9b31m",
        "\x07",
    ),
    *(
        "\x00",
        "\x7f",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\ud800",
        "\udcff",
        "\udfff",
    ),
    *(
        "%0A",
        "%",
        "<",
        ">",
        "&",
        "&lt;",
        '"',
        "'",
        "]]>",
        "\\",
        "\\n",
        "\\u001b",
        "[x](https://example.com)",
        "{0}",
    ),
    *(
        "%%{init: {'theme':'dark'}}%%",
        "%%",
        "#35;",
        "`",
        "$$",
        "]",
        "|",
        "-->",
        "1. ",
        "- ",
        ":12:4: E1 ",
        "a:1:2",
    ),
    *(
        "\xe9",
        "\u65e5\u672c",
        "\U0001f600",
        "\U0001fffe",
        "\U000e0041",
        " ",
        "  ",
        ",",
        "=",
        "x",
        "SM_MODEL_DIR",
        "/",
        "..",
        "?",
    ),
)

texts: Final = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(st.characters(), max_size=4)), max_size=6
).map("".join)
"""Any text, lone surrogates included, with the pieces above in it more often than chance would have them."""

# How a runner finds commands: GitHub's second form at the start of a line, its first and Azure's wherever they stand.
_AT_START = re.compile(r"\s*::.*::")
_ANYWHERE = re.compile(r"##(?:vso)?\[", re.IGNORECASE)


def commands(output: str) -> list[str]:
    """Return the lines of an output that the runner of a CI job takes for commands."""
    lines = re.split(r"\r\n|\r|\n", output)
    return [line for line in lines if _AT_START.match(line) or _ANYWHERE.search(line)]
