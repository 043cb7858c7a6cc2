"""Signatures of the classes and methods of both SageMaker SDKs.

Source: the syntax trees of sagemaker 2.257.7 (``tables/signatures_v2.json``), and of sagemaker-core 2.27.0,
sagemaker-train 1.27.0 and sagemaker-mlops 1.27.0 (``tables/signatures_v3.json``).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flake8_training.record import Record
from flake8_training.sagemaker.table_files import load

_TABLES = ("signatures_v2", "signatures_v3")


class Signature(Record):
    """The parameters of a class or method.

    * ``name``: the dotted name under which it is defined.
    * ``sdk``: ``v2`` or ``v3``.
    * ``positional``: the positional parameters, in order.
    * ``required``: the parameters without a default.
    * ``known``: all keyword names, including inherited ones.
    * ``accepts_any``: an unknown keyword does not raise, because SDK v2 ignores it.
    * ``open_ended``: an unknown keyword goes on to other code, such as ``RegisterModel`` to its models.
    * ``renamed``: old names that are still accepted, with the new ones.
    * ``defaults``: the defaults that are literals other than None.
    """

    name: str
    sdk: str
    positional: tuple[str, ...]
    required: frozenset[str]
    known: frozenset[str]
    accepts_any: bool
    open_ended: bool
    renamed: Mapping[str, str]
    defaults: Mapping[str, str | int | float | bool]


@functools.cache
def signature(dotted: str) -> Signature | None:
    """Return the signature of a class or method by any of its dotted names, or None if the tables have none.

    ``sagemaker.pytorch.PyTorch``, ``sagemaker.estimator.EstimatorBase.fit``, ``sagemaker.train.ModelTrainer``. A method
    is also found through a class that inherits it. The class may be followed by the call's ``()``.
    """
    name = home(dotted)
    if name is not None:
        return _read(name)
    owner, _, method = dotted.replace("()", "").rpartition(".")
    name = home(owner)
    while name is not None:
        found = _row(f"{name}.{method}")
        if found is not None:
            return _read(f"{name}.{method}")
        row = _row(name)
        bases = row[1].get("bases", ()) if row else ()
        name = bases[0] if bases else None
    return None


@functools.cache
def home(dotted: str) -> str | None:
    """Return the name under which a class is defined, by that name or one under which a package exports it."""
    for table in map(load, _TABLES):
        if dotted in table["classes"]:
            return dotted
        if dotted in table["renamed"]:
            return str(table["renamed"][dotted])
        module, _, name = dotted.rpartition(".")
        for origin, names in table["aliases"].get(module, {}).items():
            if name in names:
                return f"{origin}.{name}"
    return None


@functools.cache
def class_names() -> frozenset[str]:
    """Return the names of the known classes, without their modules (``PyTorch``)."""
    found: set[str] = set()
    for table in map(load, _TABLES):
        for dotted in (*table["classes"], *table["renamed"]):
            name = dotted.rpartition(".")[2]
            if name[:1].isupper():
                found.add(name)
    return frozenset(found)


@functools.cache
def subclasses(of: str) -> tuple[Signature, ...]:
    """Return the signatures of the known classes that are a class or derive from it."""
    names = sorted({name for table in map(load, _TABLES) for name in table["classes"]})
    found = (signature(name) for name in names if is_subclass(name, of))
    return tuple(one for one in found if one is not None)


def is_subclass(dotted: str, of: str) -> bool:
    """Return whether one known class is another, or derives from it (``...PyTorch`` of ``...EstimatorBase``)."""
    name, wanted = home(dotted), home(of)
    if name is None or wanted is None:
        return False
    if name == wanted:
        return True
    row = _row(name)
    return row is not None and any(is_subclass(base, wanted) for base in row[1].get("bases", ()))


def _row(name: str) -> tuple[str, dict[str, Any]] | None:
    for table in _TABLES:
        row = load(table)["classes"].get(name)
        if row is not None:
            return table.removeprefix("signatures_"), row
    return None


def _read(name: str) -> Signature:
    found = _row(name)
    assert found is not None
    sdk, row = found
    own = "args" in row or "keywords" in row
    inherits = not own or row.get("any") or row.get("fields")
    bases = [_read(base) for base in row.get("bases", ())] if inherits else []
    args: list[str] = list(row.get("args", ()))
    known = {*args, *row.get("keywords", ())}
    required = set(row.get("required", ()))
    renamed: dict[str, str] = dict(row.get("renamed", {}))
    defaults: dict[str, Any] = dict(row.get("defaults", {}))
    if not own and bases:
        args = list(bases[0].positional)
    for base in bases:
        # A class passes its own parameters on, so they satisfy the required parameters of the base class.
        required |= {need for need in base.required if need not in known}
        renamed = {**base.renamed, **renamed}
        defaults = {**{key: value for key, value in base.defaults.items() if key not in known}, **defaults}
    for base in bases:
        known |= base.known
    if bases:
        takes_any = (bool(row.get("any")) or not own) and any(base.accepts_any for base in bases)
    else:
        takes_any = bool(row.get("any"))
    return Signature(
        name=name,
        sdk=sdk,
        positional=tuple(args),
        required=frozenset(required),
        known=frozenset(known),
        accepts_any=takes_any,
        open_ended=bool(row.get("open")) or (not own and any(base.open_ended for base in bases)),
        renamed=MappingProxyType(renamed),
        defaults=MappingProxyType(defaults),
    )
