"""The modules and names of the SageMaker SDK by generation: v1, v2 and v3.

Source: sagemaker 1.72.1, sagemaker 2.257.7 and the packages of SDK v3 (``tables/sdk_names.json``, which
``scripts/sdk_names.py`` builds from their wheels, of 2026-11). A module that none of them has is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.pattern import pattern
from flake8_training.sagemaker.table_files import load
from flake8_training.spelling import only_closest, same_name

ALL = frozenset({1, 2, 3})
_SHORTEST = 6
"""The letters of the shortest word that more than its case distinguishes from the right one."""
_CLAUSE = pattern(r"(===|~=|==|!=|<=|>=|<|>)\s*([0-9][0-9a-z.*]{0,40})")


def generations(dotted: str) -> frozenset[int]:
    """Return the generations that may have a name (``sagemaker.estimator.Estimator``); all for an unknown one."""
    parts = dotted.removesuffix("()").split(".")
    if parts[0] != "sagemaker" or len(parts) == 1:
        return ALL
    table = load("sdk_names")
    known = table["modules"].get(parts[1])
    found = frozenset(known) if known is not None else ALL
    for end in range(2, len(parts) + 1):
        named = table["names"].get(".".join(parts[:end]))
        if named is not None:
            found &= frozenset(named)
    return found


def home_of(dotted: str) -> str:
    """Return the module that defines a class, if no generation imports it from the module before the last dot.

    Empty for a class or a module that the table does not have.
    """
    module, _, name = dotted.rpartition(".")
    table = load("sdk_names")
    numbers, homes = table["classes"].get(name), table["homes"]
    if numbers is None:
        return ""
    home = str(homes[numbers[0]])
    if module not in homes:
        # No class can be imported from below the file that defines it, such as ``sagemaker.processing``.
        return home if module.startswith(f"{home}.") else ""
    return home if homes.index(module) not in numbers else ""


def meant(dotted: str) -> str:
    """Return the name of the SDK that a misspelt one means; empty if some generation has it, or if it is like none.

    A module is compared with those directly below ``sagemaker``, and returned without what follows. A name is compared
    with those of ``sagemaker`` itself, or with the classes that its module has: the table knows no other ones.
    """
    parts = dotted.split(".")
    if parts[0] != "sagemaker" or len(parts) == 1:
        return ""
    table = load("sdk_names")
    modules = table["modules"]
    if parts[1] not in modules:
        top = {name.rpartition(".")[2] for name in table["names"] if name.count(".") == 1}
        names = modules if len(parts) > 2 else (*modules, *top)
        return "" if parts[1] in names else _misspelt("sagemaker", parts[1], names)
    module, _, name = dotted.rpartition(".")
    homes, classes = table["homes"], table["classes"]
    is_like_class = name[:1].isupper() and not name.isupper()
    if module not in homes or dotted in homes or name in classes or not is_like_class:
        return ""
    number = homes.index(module)
    return _misspelt(module, name, (one for one, numbers in classes.items() if number in numbers))


def _misspelt(module: str, word: str, names: Iterable[str]) -> str:
    """Return the name that a word means, with its module; a short word may be another name."""
    found = only_closest(word, names)
    return f"{module}.{found}" if found and (same_name(found, word) or len(word) >= _SHORTEST) else ""


def required_generations(clauses: str) -> frozenset[int]:
    """Return the generations of which a version satisfies a requirement's clauses (``>=2.200,<3``)."""
    found = set(ALL)
    for operator, version in _CLAUSE.findall(clauses):
        numbers = [int(part) for part in version.split(".") if part.isdigit()]
        if not numbers:
            continue
        major, is_later = numbers[0], any(numbers[1:])
        if operator in ("==", "===") or (operator == "~=" and len(numbers) > 1):
            found &= {major}
        elif operator in (">=", ">"):
            found = {one for one in found if one >= major}
        elif operator == "<":
            found = {one for one in found if one < major or (one == major and is_later)}
        elif operator == "<=":
            found = {one for one in found if one <= major}
    return frozenset(found)


def bound(numbers: Iterable[int]) -> str:
    """Return the requirement with which pip installs the newest of several generations (``sagemaker<3``)."""
    newest = max(numbers)
    return f"sagemaker>={newest}" if newest == max(ALL) else f"sagemaker<{newest + 1}"


def shown(numbers: Iterable[int]) -> str:
    """Return generations for a message: ``SDK v1 and v2``."""
    return "SDK " + " and ".join(f"v{number}" for number in sorted(numbers))
