"""Strings that reach a script with the quotes of JSON around them.

The framework estimators of SDK v2 encode every hyperparameter as JSON, so that hyperparameters.json holds the string
``"binary:logistic"`` with its quotes (sagemaker 2.257.7 ``estimator.py: _json_encode_hyperparameters``). The toolkit
removes them from the command line and from ``SM_HPS``; a script that reads the file itself has to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.flow.container_paths import PathKind
from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.values import LibraryObject
from flake8_training.libraries.table import table
from flake8_training.sagemaker.hyperparameter_arguments import Route
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import PassedHyperparameter, sent

_ENCODED = (Route.V2_FRAMEWORK, Route.V2_FRAMEWORK_SET)
_DECODING = frozenset({"json.loads", "ast.literal_eval", "yaml.safe_load", "yaml.load", "builtins.eval"})
_KEEPING = frozenset({"builtins.int", "builtins.float", "builtins.str", "builtins.bool", "builtins.print"})
"""Calls that do not remove the quotes; ``int`` and ``float`` fail on them."""
_MAX_STEPS = 6


def quoted_strings(launch: Launch) -> Iterator[Problem]:
    """Yield the reads of a string from hyperparameters.json that a framework estimator of SDK v2 encodes as JSON."""
    script = launch.script
    if script is None or launch.alternatives or launch.estimator.hyperparameters.open_ended:
        return
    texts = {one.name: one for one in sent(launch) if _is_text(one)}
    if not texts:
        return
    analysis = script.analysis
    seen: set[str] = set()
    for key, node, scope in _reads(analysis):
        one = texts.get(key)
        if one is None or key in seen or not script.owns(node):
            continue
        if _keeps_quotes(analysis, node, scope, 0):
            seen.add(key)
            value = (one.values() or [""])[0]
            yield Problem(
                node,
                f"{key} arrives as '\"{value}\"', with the quotes of JSON; use json.loads(...)",
                launch.from_launcher("the estimator encodes its hyperparameters as JSON"),
            )


def _is_text(one: PassedHyperparameter) -> bool:
    values = one.values() if one.certain and not one.tuned and one.route in _ENCODED else None
    return bool(values) and all(isinstance(value, str) for value in values or ())


def _reads(analysis: Analysis) -> Iterator[tuple[str, ast.expr, Scope]]:
    """Yield the reads by key from the file's own content that can run: key, node, scope."""
    candidates: list[tuple[ast.expr, ast.expr, ast.expr, Scope]] = [
        (node.value, node.slice, node, scope) for node, scope in analysis.program.subscript_loads
    ]
    for site in analysis.live_calls(*table().key_readers):
        if isinstance(site.node.func, ast.Attribute) and site.node.args:
            candidates.append((site.node.func.value, site.node.args[0], site.node, site.scope))
    for owner, key, node, scope in candidates:
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and analysis.reach.scope_runs(scope):
            values = analysis.evaluator.values(owner, scope)
            if values and all(_is_content(analysis, value) for value in values):
                yield key.value, node, scope


def _is_content(analysis: Analysis, value: object) -> bool:
    """Return whether a value is what ``json.load`` returns for the job's hyperparameters.json."""
    if not isinstance(value, LibraryObject) or value.name != "json.load()" or value.site is None:
        return False
    arguments = value.site.node.args
    origins = analysis.flow.origins(arguments[0], value.site.scope) if arguments else ()
    return any(getattr(origin, "root", None) is PathKind.HYPERPARAMETERS for origin in origins)


def _keeps_quotes(analysis: Analysis, node: ast.expr, scope: Scope, steps: int) -> bool:
    """Return whether no use of a value removes its quotes, as far as names and dicts of the program carry it."""
    if steps > _MAX_STEPS:
        return False
    tree = scope.module.tree
    around = parent(tree, node)
    if isinstance(around, ast.keyword):
        around = parent(tree, around)
    if isinstance(around, ast.Attribute | ast.comprehension | ast.For | ast.Return | ast.Yield):
        return False  # a method may remove them, and the caller too
    if isinstance(around, ast.Call):
        names = analysis.evaluator.names(around, scope)
        if not names or not _DECODING.isdisjoint(names):
            return False  # the program's own function, or a decoder
        return _KEEPING.issuperset(names) or not any(name.startswith("?") for name in names)
    if (
        isinstance(around, ast.Assign)
        and len(around.targets) == 1
        and isinstance(around.targets[0], ast.Name)
    ):
        name = around.targets[0].id
        found = scope.lookup(name)
        return found is not None and all(
            _keeps_quotes(analysis, use, where, steps + 1)
            for use, where in analysis.program.name_loads(name)
            if (known := where.lookup(name)) is not None and known[0] is found[0]
        )
    if isinstance(around, ast.Dict):
        return _is_entry_kept(analysis, around, node, steps)
    return isinstance(around, ast.BoolOp | ast.IfExp | ast.Compare | ast.FormattedValue)


def _is_entry_kept(analysis: Analysis, display: ast.Dict, node: ast.expr, steps: int) -> bool:
    """Return whether nothing in the program decodes the entry of a dict that holds the value."""
    key = next((k for k, v in zip(display.keys, display.values, strict=True) if v is node), None)
    if not isinstance(key, ast.Constant):
        return False
    for load, scope in analysis.program.subscript_loads:
        if load is not node and isinstance(load.slice, ast.Constant) and load.slice.value == key.value:
            if not _keeps_quotes(analysis, load, scope, steps + 1):
                return False
    return not any(
        _DECODING.intersection(analysis.evaluator.names(site.node, site.scope))
        for site in analysis.live_calls("loads", "literal_eval", "safe_load", "load", "eval")
        if not _reads_file(analysis, site.node, site.scope)
    )


def _reads_file(analysis: Analysis, call: ast.Call, scope: Scope) -> bool:
    """Return whether a decoding call reads a file or an environment variable, not a single value."""
    values = analysis.evaluator.values(call.args[0], scope) if call.args else ()
    return bool(values) and all(
        not isinstance(value, LibraryObject) or "open()" in value.name for value in values
    )
