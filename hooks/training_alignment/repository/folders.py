"""Folders of files, and distances between them."""

from __future__ import annotations


def folder_of(path: str) -> str:
    """Return the folder of a file; it is empty at the root."""
    return path.rpartition("/")[0]


def parts_of(folder: str) -> list[str]:
    """Return the names in a path of folders."""
    return folder.split("/") if folder else []


def shared(one: str, other: str) -> int:
    """Return how many folders two paths share, counted from the root."""
    return shared_parts(parts_of(one), parts_of(other))


def shared_parts(one: list[str], other: list[str]) -> int:
    """Return how many folders two paths share, by the names in them."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def distance(one: str, other: str) -> int:
    """Return the number of folders between two paths, up and down."""
    common = shared(one, other)
    return len(parts_of(one)) + len(parts_of(other)) - 2 * common


def level(folder: str, other: str) -> int:
    """Return how many folders up from ``folder`` the first folder is that contains ``other``."""
    return len(parts_of(folder)) - shared(folder, other)


def below(folder: str, top: str) -> str:
    """Return the part of ``folder`` below the folder that it shares with ``top``."""
    return "/".join(parts_of(folder)[shared(folder, top) :])
