"""Regular expressions for the printed form of an expression.

The pattern of an unknown value is ``ANY``. Numbers, and values that scripts commonly print whole (options, shapes, file
names, dicts of metrics), have a pattern of their own.
"""

from __future__ import annotations

import ast
import re
import string
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ContainerPath, PathKind
from flake8_training.engine.flow.dataflow import Result
from flake8_training.engine.values.values import (
    UNKNOWN,
    Collection,
    Constant,
    Function,
    LibraryObject,
    OptionValue,
    Reference,
    StringTemplate,
    Unknown,
    Variable,
)
from flake8_training.pattern import pattern
from flake8_training.script.numbers import Numeric, unpacked_results

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Binding, Scope

ANY = r"(?s:.*)"
FOREIGN = "\ue000"
"""A character that is no letter, or the letter of a word that no expression has as a literal: of a path, a class name,
the message of an exception. The comparison with an expression reads it so; no script prints it."""
FOREIGN_TEXT = f"{FOREIGN}*"
COMPOSED = "\ue001"
"""A value into which no unavailable code flows: it may consist of the program's own strings, and of those that the
launcher passes in options and variables."""
NUMBER = r"[-+0-9.,eE%naifINFTrusl_ ]*"
"""A formatted number: digits, and ``nan``, ``inf``, ``True``, ``False``."""
NUMBERS = (
    r"(?:tensor\(|np\.\w+\()?[-+0-9.,eEnaifTrusl_\[\]():\s]*(?:, ?device='\w+(?::\d+)?')?(?:, ?dtype=[\w.]+)?"
    r"(?:, ?grad_fn=<\w+>)?(?:, ?requires_grad=True)?\)?"
)
"""A number as it is, or an array or tensor of numbers."""

_TENSORS = ("keras.metrics.", "keras.losses.", "tensorflow.reduce_", "tensorflow.math.")
_TENSOR = (
    rf"(?:<?tf\.Tensor(?:\(|: shape=\([0-9, ]*\), dtype=\w+, numpy=))?{FOREIGN_TEXT}"
    r"(?:, shape=\([0-9, ]*\), dtype=\w+)?[)>]?"
)
"""A tensor of TensorFlow 2 as ``print`` and ``repr`` show it, or its value."""
_MAX_DEPTH = 8
_MAX_LENGTH = 6000
_PERCENT = pattern(
    r"%(?:\((?P<key>\w+)\))?[-#0 +]*(?:\*|[1-9]\d*)?(?:\.(?:\*|\d+))?[hlL]?(?P<kind>[a-zA-Z%])"
)
_NUMBER_KINDS = "diouxXeEfFgG"
_SPECIFIED = pattern(r"[^a-zA-Z]*[bdeEfFgGnxX%]")
_FILES = frozenset(
    {"os.listdir", "glob.glob", "os.getcwd", "os.path.join", "os.path.abspath", "os.path.basename"}
)
_DEVICES = frozenset({"torch.device()"})
_MUTE = (
    *(
        "os.",
        "sys.",
        "time.",
        "datetime.",
        "glob.",
        "pathlib.",
        "platform.",
        "socket.",
        "uuid.",
        "random.",
        "math.",
    ),
    *(
        "itertools.",
        "collections.",
        "functools.",
        "copy.",
        "re.",
        "argparse.",
        "typing.",
        "threading.",
        "gc.",
    ),
    *("traceback.", "inspect.", "getpass.", "tempfile.", "shutil.", "statistics.", "operator.", "numbers."),
    *(
        "builtins.range",
        "builtins.enumerate",
        "builtins.zip",
        "builtins.len",
        "builtins.sorted",
        "builtins.list",
    ),
    *("builtins.str", "builtins.type", "builtins.int", "builtins.float", "builtins.max", "builtins.min"),
    *(
        "builtins.sum",
        "builtins.round",
        "builtins.set",
        "builtins.tuple",
        "builtins.reversed",
        "builtins.map",
    ),
    *(
        "tensorflow.train.CheckpointManager().save",
        "tensorflow.train.latest_checkpoint",
        "tensorflow_datasets.deprecated.text.",
        "tensorflow_datasets.features.text.",
        "torch.tensor",
        "torch.device",
        "torch.cuda.",
        "torch.__version__",
        "torch.version",
        "torch.distributed.",
    ),
    *(
        "torch.utils.data.",
        "torch.nn.",
        "torch.optim.",
        "torch.no_grad",
        "numpy.",
        "sklearn.model_selection.",
    ),
    *("sklearn.metrics.", "torchvision.transforms."),
)
"""Libraries and calls whose results are files, times, numbers, or objects that print only the names of their parts."""
_VOICED = (
    *(
        "os.popen",
        "sys.stdin",
        "numpy.load",
        "numpy.genfromtxt",
        "numpy.recfromcsv",
        "re.sub",
        "inspect.getsource",
    ),
    "sklearn.metrics.classification_report",
)
"""Exceptions: they return the contents of a file, or a report with labels of its own."""
_REPORT = r"[^:={}'\"]*"
"""A table of measures: the labels stand in the first line and at the start of the others."""
_OF_TRAINER = r"\{(?:\s*['\"][\w/.@ -]*['\"]: ['\"]?[-+0-9.eEnaifN]*['\"]?,?)*\s*\}"
"""The measures that a trainer returns."""
_TRAINED = pattern(r"transformers\.\w*Trainer\(\)\.evaluate\(\)")
_COUNTED = (".value_counts()", ".value_counts().to_dict()", ".columns", ".columns.tolist()")
_PLACES = frozenset({PathKind.CHANNEL, PathKind.MODEL, PathKind.OUTPUT, PathKind.CHECKPOINTS})
_SHAPES = frozenset({"shape", "size", "ndim"})


class Lines:
    """Describes the expressions of one program."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._numeric = Numeric(analysis)
        self._known: dict[tuple[int, Scope, int], str] = {}
        """The pattern of each expression at each depth, so that an expression used often is resolved once."""

    def constant(self, node: ast.expr, scope: Scope) -> object:
        """Return the literal that is certainly the expression's value, or None."""
        values = self._analysis.evaluator.values(node, scope)
        return values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None

    def pattern(self, node: ast.expr, scope: Scope, depth: int = 0) -> str:
        """Return a regular expression for the string that ``print`` writes for an expression."""
        if depth > _MAX_DEPTH or not self._analysis.evaluator.budget.follow(1):
            return ANY
        key = id(node), scope, depth
        known = self._known.get(key)
        if known is None:
            found = self._composed(node, scope, depth + 1)
            known = self._known[key] = found if len(found) < _MAX_LENGTH else ANY
        return known

    def shown(self, node: ast.expr, scope: Scope) -> str:
        """Return the text for a reader, with ``...`` for what is not literal."""
        if isinstance(node, ast.JoinedStr):
            return "".join(str(v.value) if isinstance(v, ast.Constant) else "..." for v in node.values)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.shown(node.left, scope) + self.shown(node.right, scope)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return _PERCENT.sub("...", self.shown(node.left, scope))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return re.sub(r"\{[^}]{0,100}\}", "...", self.shown(node.func.value, scope))
        value = self.constant(node, scope)
        return _PERCENT.sub("...", value) if isinstance(value, str) else "..."

    def percent(self, text: str, passed: Sequence[ast.expr], scope: Scope, depth: int = 0) -> str:
        """What ``text % given`` can look like."""
        found: list[str] = []
        end = number = 0
        for field in _PERCENT.finditer(text):
            found.append(re.escape(text[end : field.start()]))
            end = field.end()
            if field["kind"] == "%":
                found.append("%")
                continue
            if field["kind"] in _NUMBER_KINDS:
                found.append(NUMBER)
            elif field["key"] is None and number < len(passed) and "*" not in field[0]:
                found.append(" *" + self.pattern(passed[number], scope, depth) + " *")
            else:
                found.append(ANY)
            number += 1
        return "".join(found) + re.escape(text[end:])

    def _composed(self, node: ast.expr, scope: Scope, depth: int) -> str:
        if isinstance(node, ast.Constant):
            return _literal(node.value)
        if isinstance(node, ast.JoinedStr):
            return "".join(self._piece(piece, scope, depth) for piece in node.values)
        if isinstance(node, ast.IfExp):
            return f"(?:{self.pattern(node.body, scope, depth)}|{self.pattern(node.orelse, scope, depth)})"
        if isinstance(node, ast.BinOp):
            found = self._joined(node, scope, depth)
            if found is not None:
                return found
        if self._numeric.is_number(node, scope):
            return NUMBERS
        if isinstance(node, ast.Dict):
            return self._table(node, scope, depth)
        if isinstance(node, ast.Call):
            return self._called(node, scope, depth)
        if isinstance(node, ast.Attribute) and node.attr in _SHAPES:
            return r"(?:torch\.Size)?[-0-9,()\[\] ]*"
        if isinstance(node, ast.Name):
            found = self._named(node, scope, depth)
            if found is not None:
                return found
        return self._by_value(node, scope, depth)

    def _piece(self, piece: ast.expr, scope: Scope, depth: int) -> str:
        if not isinstance(piece, ast.FormattedValue):
            return self.pattern(piece, scope, depth)
        if isinstance(piece.format_spec, ast.JoinedStr):
            parts = piece.format_spec.values
            text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            if _SPECIFIED.fullmatch(text):
                return NUMBER
            if self._numeric.is_number(piece.value, scope):
                return NUMBERS
            if text and not re.fullmatch(r"[<>^]?\d*s?", text):
                return ANY
            return f" *['\"]?{self.pattern(piece.value, scope, depth)}['\"]? *"
        if piece.conversion != -1 and not self._numeric.is_number(piece.value, scope):
            return f"['\"]?{self.pattern(piece.value, scope, depth)}['\"]?"
        return self.pattern(piece.value, scope, depth)

    def _joined(self, node: ast.BinOp, scope: Scope, depth: int) -> str | None:
        """Return the pattern of a joined or formatted string; None for a number or a value that may be no string."""
        if isinstance(node.op, ast.Mod):
            text = self.constant(node.left, scope)
            if not isinstance(text, str):
                return None
            passed = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            if isinstance(node.right, ast.Dict):
                passed = []
            return self.percent(text, passed, scope, depth)
        if isinstance(node.op, ast.Mult):
            for side in (node.left, node.right):
                text = self.constant(side, scope)
                if isinstance(text, str):
                    return f"[{''.join(re.escape(one) for one in sorted(set(text)))}]*" if text else ""
            return None
        if not isinstance(node.op, ast.Add) or self._numeric.is_number(node, scope):
            return None
        return self.pattern(node.left, scope, depth) + self.pattern(node.right, scope, depth)

    def _called(self, node: ast.Call, scope: Scope, depth: int) -> str:
        evaluator = self._analysis.evaluator
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            text = self.constant(node.func.value, scope)
            if isinstance(text, str):
                return self._formatted(text, node, scope, depth)
        names = evaluator.names(node, scope)
        if names == ("builtins.str",) and len(node.args) == 1:
            return self.pattern(node.args[0], scope, depth)
        if names == ("json.dumps",) and node.args:
            return self.pattern(node.args[0], scope, depth)
        if names == ("sklearn.metrics.classification_report",) and len(node.args) == 2:
            if all(keyword.arg in ("digits", "labels", "zero_division") for keyword in node.keywords):
                return _REPORT
        if names and _FILES.issuperset(names):
            return r"\[?(?:'?[^'\s]*'?(?:, )?)*\]?"
        functions = evaluator.values(node.func, scope)
        if functions and all(isinstance(value, Function) for value in functions):
            results = [
                self.pattern(result, value.scope, depth)
                for value in functions
                if isinstance(value, Function) and not value.scope.yields
                for result in value.scope.returns
            ]
            return f"(?:{'|'.join(dict.fromkeys(results))})" if results else ANY
        return self._by_value(node, scope, depth)

    def _formatted(self, text: str, node: ast.Call, scope: Scope, depth: int) -> str:
        """What ``text.format(...)`` can look like."""
        found: list[str] = []
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        number = 0
        try:
            fields = list(string.Formatter().parse(text))
        except ValueError:
            return ANY
        for literal, field, spec, conversion in fields:
            found.append(re.escape(literal))
            if field is None:
                continue
            passed: ast.expr | None = None
            if field == "" or field.isdecimal():
                place = int(field) if field else number
                number += field == ""
                passed = node.args[place] if place < len(node.args) else None
            else:
                passed = keywords.get(field)
            if spec and _SPECIFIED.fullmatch(spec):
                found.append(NUMBER)
            elif passed is None or isinstance(passed, ast.Starred) or conversion or "{" in (spec or ""):
                found.append(ANY)
            else:
                found.append(
                    " *" + self.pattern(passed, scope, depth) + " *"
                    if spec
                    else self.pattern(passed, scope, depth)
                )
        return "".join(found)

    def _table(self, node: ast.Dict, scope: Scope, depth: int) -> str:
        """Return a dict of measures."""
        entries: list[str] = []
        for key, value in zip(node.keys, node.values, strict=True):
            name = self.constant(key, scope) if key is not None else None
            if not isinstance(name, str):
                return ANY
            if self._numeric.is_number(value, scope):
                entries.append(rf"['\"]{re.escape(name)}['\"]: {NUMBERS}")
                continue
            found = self.pattern(value, scope, depth)
            if found == ANY:
                return ANY
            entries.append(rf"['\"]{re.escape(name)}['\"]: ['\"]?{found}['\"]?")
        return r"\{" + ", ".join(entries) + r"\}"

    def _named(self, node: ast.Name, scope: Scope, depth: int) -> str | None:
        """Return a pattern for the values assigned to a name, or passed for it by every call; None if unknown."""
        found = scope.lookup(node.id)
        if found is None or not found[1]:
            return None
        owner, bindings = found
        patterns: list[str] = []
        for binding in bindings:
            if binding.kind == "value" and binding.value is not None and binding.steps == ():
                patterns.append(self.pattern(binding.value, binding.scope, depth))
                continue
            passed = self._passed(binding, owner) or unpacked_results(self._analysis, binding)
            if passed is None:
                return None
            patterns.extend(self.pattern(one, where, depth) for one, where in passed)
        return f"(?:{'|'.join(dict.fromkeys(patterns))})"

    def _passed(self, binding: Binding, owner: Scope) -> list[tuple[ast.expr, Scope]] | None:
        evaluator = self._analysis.evaluator
        if binding.kind != "parameter" or not isinstance(binding.node, ast.arg):
            return None
        sites = evaluator.callers(owner)
        if not sites or evaluator.parameters.escapes(owner):
            return None
        found: list[tuple[ast.expr, Scope]] = []
        for site in sites:
            passed = evaluator.argument_node(binding.node, owner, site)
            if passed is None:
                return None
            found.append((passed, site.scope))
        return found

    def _by_value(self, node: ast.expr, scope: Scope, depth: int) -> str:
        """Return a pattern for the values of an expression."""
        values = self._analysis.evaluator.values(node, scope)
        found: list[str] = []
        for value in values:
            if isinstance(value, Constant):
                found.append(_literal(value.value))
            elif isinstance(value, OptionValue | Variable):
                found.append(FOREIGN_TEXT if self._is_path(node, scope) else COMPOSED)
            elif isinstance(value, LibraryObject) and value.name in _DEVICES:
                found.append(r"[a-z]+(?::\d+)?")
            elif isinstance(value, LibraryObject) and _TRAINED.fullmatch(value.name):
                found.append(_OF_TRAINER)
            elif isinstance(value, LibraryObject) and value.name.endswith("ArgumentParser().parse_args()"):
                found.append(self._options())
            elif (
                isinstance(value, Collection) and isinstance(value.node, ast.Dict) and value.node is not node
            ):
                found.append(self._table(value.node, value.scope, max(depth, _MAX_DEPTH)))
            else:
                found.append(self._unknown(node, scope))
        return f"(?:{'|'.join(dict.fromkeys(found))})" if found else self._unknown(node, scope)

    def _unknown(self, node: ast.expr, scope: Scope) -> str:
        """Return a pattern for a value that is not known, by what flows into it."""
        if _is_class_name(node) or self._is_exception(node, scope):
            return FOREIGN_TEXT
        found: list[str] = []
        for value in self._analysis.evaluator.values(node, scope) or (UNKNOWN,):
            if isinstance(value, Reference | LibraryObject) and _is_mute(value.name):
                found.append(FOREIGN_TEXT)
            elif isinstance(value, Reference | LibraryObject) and value.name.startswith(_TENSORS):
                found.append(_TENSOR)
            elif isinstance(value, Unknown | StringTemplate) and self._is_own(node, scope):
                found.append(COMPOSED)
            else:
                return ANY
        return f"(?:{'|'.join(dict.fromkeys(found))})"

    def _is_own(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether nothing that a library returns flows into a value, but files, times and numbers."""
        origins = self._analysis.flow.origins(node, scope)
        return all(_is_mute(origin.name) for origin in origins if isinstance(origin, Result))

    def _is_path(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether an option or a variable holds a path of the container."""
        origins = self._analysis.flow.origins(node, scope)
        return any(isinstance(origin, ContainerPath) and origin.root in _PLACES for origin in origins)

    def _is_exception(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether an expression is the exception that a handler catches."""
        found = scope.lookup(node.id) if isinstance(node, ast.Name) else None
        return found is not None and all(isinstance(b.node, ast.ExceptHandler) for b in found[1])

    def _options(self) -> str:
        """Return the parsed options as ``print`` shows them."""
        names = sorted({option.dest for option in self._analysis.options.all})
        if self._analysis.options.open_ended or not names:
            return rf"Namespace\((?:\w+={COMPOSED},? ?)*\)"
        return rf"Namespace\((?:(?:{'|'.join(re.escape(name) for name in names)})={COMPOSED},? ?)*\)"


def _is_class_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("__name__", "__qualname__", "__module__")


def _is_mute(name: str) -> bool:
    """Return whether the result of a library call is no text with labels, by its canonical name."""
    if name.startswith("torch.nn.") and "()()" in name:
        return True  # the tensor that a module or a loss returns
    if name.startswith("torch.optim.") and ("param_groups" in name or "get_last_lr" in name):
        return True
    if name.startswith("pandas.") and name.endswith(_COUNTED):
        return True
    return name.startswith(_MUTE) and not name.startswith(_VOICED)


def _literal(value: object) -> str:
    """Return a pattern for a literal."""
    try:
        text = str(value)
    except ValueError:  # a number that Python will not print
        return ANY
    return re.escape(text) if len(text) < _MAX_LENGTH else ANY
