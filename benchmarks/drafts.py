"""Drafts artefacts for real scripts, and checks each draft together with its script.

``python -m benchmarks.drafts FOLDER... [--without FILE] [--most 2] [--number 60] [--seed 7]`` takes at most two scripts
of each repository (a folder below ``FOLDER``) whose words show a training or processing job, drafts a contract, a
specification, a step file and launchers of SDK v2 and v3 (of one if the repository requires that), and prints every
finding that a draft causes: those in the draft, and those of which it is the other side. ``--without`` names a file
that lists repositories to leave out. Nothing is written beside the scripts: a draft is checked as the unsaved file of
an editor.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

from training_alignment.draft_command import Draft, findings_of
from training_alignment.drafting.needs import Needs, needs_of
from training_alignment.repository.root import find_root
from training_alignment.script_api import UnreadableScript, read_script

_WORDS = re.compile(rb"SM_CHANNEL|SM_MODEL_DIR|/opt/ml/")
_KINDS = (
    ("contract", ""),
    ("contract", "yaml"),
    ("specification", ""),
    ("step-file", ""),
    ("launcher", "v2"),
    ("launcher", "v3"),
)
_OTHER_SDK = "TRN440"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--without", type=Path)
    parser.add_argument("--most", type=int, default=2)
    parser.add_argument("--number", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    left_out = frozenset(arguments.without.read_text().split()) if arguments.without else frozenset()
    order = random.Random(arguments.seed)
    clean = drafts = scripts = 0
    for path, needs in _chosen(arguments.folders, left_out, arguments.most, order):
        checked = list(_checked(path, needs))
        caused = [line for found in checked for line in found]
        scripts += 1
        drafts += len(checked)
        clean += not caused
        print(f"{'clean' if not caused else len(caused)}\t{path}", flush=True)
        for line in caused:
            print(f"\t{line}", flush=True)
        if scripts == arguments.number:
            break
    print(f"{scripts} scripts, {drafts} drafts, {clean} scripts whose drafts are all clean")


def _chosen(
    folders: list[Path], left_out: frozenset[str], most: int, order: random.Random
) -> Iterator[tuple[str, Needs]]:
    repositories = [one for folder in folders for one in sorted(folder.iterdir()) if one.name not in left_out]
    order.shuffle(repositories)
    for repository in repositories:
        found = [
            one
            for one in sorted(repository.rglob("*.py"))
            if one.is_file() and _WORDS.search(one.read_bytes())
        ]
        order.shuffle(found)
        taken = 0
        for path in found:
            if taken == most:
                break
            try:
                needs = needs_of(read_script(os.fspath(path)))
            except UnreadableScript:
                continue
            if needs is not None:
                taken += 1
                yield os.fspath(path), needs


def _checked(path: str, needs: Needs) -> Iterator[list[str]]:
    """Yield the findings that each draft causes. A launcher of the SDK that the repository excludes is no draft."""
    root = find_root(Path(os.path.dirname(path)))
    usual = None
    for kind, variant in _KINDS:
        form, sdk = ("yaml", None) if variant == "yaml" else ("python", variant or None)
        if kind == "launcher" and not needs.is_training:
            continue
        draft = Draft.of(kind, path, needs, root, form=form, sdk=sdk)
        found = findings_of(root, path, draft.path, draft.source)
        if kind == "launcher" and any(finding.code == _OTHER_SDK for finding in found):
            usual = usual or Draft.of(kind, path, needs, root, form=form, sdk=None)
            if draft != usual:
                continue
        yield [
            f"{kind} {variant}: {os.path.basename(one.path)}:{one.line}: {one.code} {one.message}"
            for one in found
        ]


if __name__ == "__main__":
    main()
