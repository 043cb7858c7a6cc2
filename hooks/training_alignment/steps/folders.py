"""How near to each other files are."""

from __future__ import annotations


def folder_of(path: str) -> str:
    """The folder of a file, empty at the root."""
    return path.rpartition("/")[0]


def parts_of(folder: str) -> list[str]:
    """The names of a path of folders."""
    return folder.split("/") if folder else []


def shared(one: str, other: str) -> int:
    """How many folders two paths of folders have in common, from the root."""
    count = 0
    for left, right in zip(parts_of(one), parts_of(other), strict=False):
        if left != right:
            break
        count += 1
    return count


def distance(one: str, other: str) -> int:
    """How many folders lie between two paths of folders, up and down."""
    common = shared(one, other)
    return len(parts_of(one)) + len(parts_of(other)) - 2 * common


def level(of: str, other: str) -> int:
    """How many folders one has to go up from ``of`` until ``other`` lies below."""
    return len(parts_of(of)) - shared(of, other)


def below(folder: str, top: str) -> str:
    """What of ``folder`` lies below the folder that it shares with ``top``."""
    return "/".join(parts_of(folder)[shared(folder, top) :])
