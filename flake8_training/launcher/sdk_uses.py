"""The names of the SDK that a launcher certainly needs, with the generations that have them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.named_tuple import NamedTuple
from flake8_training.sagemaker.sdk_names import ALL, generations

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import Estimator, LauncherInterface


class SdkUse(NamedTuple):
    """A name of the SDK that the launcher certainly needs. ``can_be_wrong``: it is a name, not an argument."""

    name: str
    node: ast.AST
    generations: frozenset[int]
    can_be_wrong: bool = True


def sdk_uses(launcher: LauncherInterface, estimators: Iterable[Estimator]) -> Iterator[SdkUse]:
    """Yield the names of the SDK at the top of the module, those of calls, and the arguments of v2."""
    top = {id(node) for node in launcher.program.entry.tree.body}
    for dotted, node in launcher.module.imports:
        if dotted.startswith("sagemaker.") and id(node) in top:
            yield SdkUse(dotted, node, generations(dotted))
    for site in launcher.module.calls:
        func = site.node.func
        if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name | ast.Attribute):
            continue
        if _root(func) != "sagemaker":
            continue
        names = launcher.evaluator.names(site.node, site.scope)
        if len(names) == 1 and names[0].startswith("sagemaker.") and "()" not in names[0]:
            found = generations(names[0])
            if found != ALL:
                yield SdkUse(names[0], site.node, found)
    for estimator in estimators:
        if not estimator.is_trainer and estimator.local is None:
            written = estimator.arguments.names
            if "instance_type" in written and isinstance(estimator.node, ast.Call):
                if any(keyword.arg == "instance_type" for keyword in estimator.node.keywords):
                    yield SdkUse(
                        f"{estimator.name}(instance_type=...)", estimator.node, frozenset({2}), False
                    )


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def sent_folders(estimators: Iterable[Estimator]) -> frozenset[str]:
    """Return the last parts of the folders that the jobs of estimators send."""
    found: set[str] = set()
    for estimator in estimators:
        folder = estimator.source_dir
        for text in folder.constants if folder is not None else ():
            if isinstance(text, str):
                found.add(text.rstrip("/").rpartition("/")[2])
    return frozenset(found)
