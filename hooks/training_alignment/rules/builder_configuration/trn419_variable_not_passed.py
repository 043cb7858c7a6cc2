"""TRN419: required environment variables that never reach the job."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flake8_training.finding import Finding, Severity
from flake8_training.named_tuple import NamedTuple
from flake8_training.parsing import without_warnings
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.library_variables import is_read_by_libraries
from flake8_training.spelling import closest
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.class_model import ClassHierarchy, Construction, Lookup, Text
from training_alignment.artefacts.methods import class_names
from training_alignment.artefacts.name_resolution import defining_file
from training_alignment.artefacts.tree import Call, Entry, Node, Place, Scalar, Table, is_absent
from training_alignment.comparisons.configuration_fields import configuration_classes
from training_alignment.comparisons.environment_variables import declared_variables
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_builder import built
from training_alignment.rules.step_rule import StepRule


class VariablesNeverReachTheJob(StepRule):
    """Reports environment variables that the contract requires and the builder does not pass to its job."""

    code = "TRN419"
    severity = Severity.ERROR
    summary = "required environment variables never reach the estimator"
    why = """
        The contract declares the variables that the script reads. If neither the builder nor the configuration sets
        one, or if the dict that holds it does not reach the estimator or processor, the script ends with `KeyError`
        after the instance has started. With a default, it silently uses that default.
    """
    fix = """
        Set the variable in the builder's method, and pass the dict as `environment` (processor: `env`).
    """
    warning_when = ("an object of the configuration may set the variable",)
    reported_when = (
        "the contract requires a variable (`required_env_vars`), and the builder, its bases and the "
        "configuration do not set it",
        "the contract's table `environment_variables` has a variable that the builder does not set, and the "
        "script reads it without a default, or with another default than the contract's value",
        "the builder looks the contract's variables up among the configuration's fields, and no class has "
        "the field",
        "the builder has a method for the variables, nothing calls it, and the job gets none",
        "as a warning: a variable is set only if the configuration has a field that its class does not have",
        "as a warning: the contract has a default for a switch that the script reads, and no configuration "
        "field can change it",
        "the configuration accepts further fields, which may hold the variable: then the finding is a "
        "warning",
    )
    not_reported_when = (
        Condition(
            "the builder constructs no estimator of SDK v2 and no processor, or several jobs",
            suppressed={
                "            instance_count=1,\n": "            instance_count=1,\n",
                "    def create_step(self, training_data, output_path):\n        return TrainingStep(": (
                    "    def _create_other(self):\n"
                    '        return XGBoost(entry_point="x.py", framework_version="1.7-1", role="r", '
                    'instance_count=1, instance_type="ml.m5.xlarge")\n'
                    "\n"
                    "    def create_step(self, training_data, output_path):\n"
                    "        return TrainingStep("
                ),
            },
            reported={
                "    def create_step(self, training_data, output_path):\n        return TrainingStep(": (
                    "    def _create_other(self):\n"
                    '        return "XGBoost"\n'
                    "\n"
                    "    def create_step(self, training_data, output_path):\n"
                    "        return TrainingStep("
                )
            },
        ),
        Condition(
            "a part of the job's variables is unknown",
            suppressed={
                "        variables = {}\n": "        variables = dict(settings.VARIABLES)\n",
                "from sagemaker.inputs": "import settings\nfrom sagemaker.inputs",
                "  # TRN419": "",
            },
            reported={
                "        variables = {}\n": ("        print(settings.VARIABLES)\n        variables = {}\n"),
                "from sagemaker.inputs": "import settings\nfrom sagemaker.inputs",
            },
        ),
        Condition(
            "the name begins with `SM_`, `SAGEMAKER_` or `AWS_`",
            suppressed={'required_env_vars=["LABEL_FIELD"]': 'required_env_vars=["AWS_REGION"]'},
            reported={
                'required_env_vars=["LABEL_FIELD"]': 'required_env_vars=["LABEL_AWS_FIELD"]',
                'os.environ["LABEL_FIELD"]': 'os.environ["LABEL_AWS_FIELD"]',
            },
        ),
        Condition(
            "the lookup of the contract's variables has a default",
            suppressed={
                "        variables = {}\n": (
                    "        variables = {}\n"
                    "        for name in self.contract.required_env_vars:\n"
                    '            variables[name] = getattr(self.config, name.lower(), "")\n'
                ),
                "  # TRN419": "",
            },
            reported={
                "        variables = {}\n": (
                    '        variables = {}\n        print("required_env_vars", "label_field")\n'
                )
            },
        ),
    )
    bad = Example(
        built(
            [
                ("def _get_environment_variables(self):", "def _get_environment_variables(self):  # TRN419"),
                ('variables = {"LABEL_FIELD": self.config.label_field}', "variables = {}"),
            ]
        )
    )
    good = Example(built())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield a finding for each variable."""
        for problem in unset_variables(subject):
            required = problem.required
            related = [other_side(required, f"{required.value} is required")] if required is not None else []
            finding = self.at(subject, problem.place, problem.detail, related)
            yield finding if problem.certain else replace(finding, severity=Severity.WARNING)


_MAX_DEPTH = 4
_OF_SAGEMAKER = ("SM_", "SAGEMAKER_", "AWS_")
"""The beginnings of names that SageMaker sets."""

_NO_GUARDS: Mapping[str, tuple[Text, ...]] = MappingProxyType({})


class Problem(NamedTuple):
    """A variable that does not reach the job.

    ``place`` is the place to fix; ``certain`` is False if an object of the configuration may have a field that its
    class does not declare; ``required`` is the contract's entry.
    """

    place: Place
    detail: str
    certain: bool
    required: Text | None = None


class JobEnvironment:
    """The known environment variables of a job."""

    def __init__(self, subject: StepUnderCheck, place: Place) -> None:
        self.subject = subject
        self.place = place
        """The place of the method that builds them, or of the call that constructs the job."""
        self.entries: dict[str, Entry[Node]] = {}
        self.guards: dict[str, tuple[Text, ...]] = {}
        self.lookups: list[Lookup] = []
        self.open = False
        self.unused: str | None = None
        """The builder's own method for them, if the job receives none; else None."""
        self.certain = True
        """Whether objects of the configuration certainly lack the undeclared methods that the builder calls."""

    def take(self, family: ClassHierarchy, name: str, depth: int = 0) -> None:
        """Add the variables that a method of a class returns, with those of the methods that it calls."""
        for index, body in enumerate(family.bodies):
            method = next((m for m in body.methods if m.name.value == name), None)
            if method is None:
                continue
            found = method.environment
            if found is None or depth > _MAX_DEPTH:
                self.open = True
                return
            if depth == 0:
                self.place = method.name.place
            self._take_table(found.variables, found.guards)
            self.lookups.extend(found.lookups)
            for asked in found.asked:
                self._ask_configuration(asked, depth + 1)
            if found.calls_super:
                self.take(family._replace(bodies=family.bodies[index + 1 :]), name, depth + 1)
            return
        self.open = self.open or not family.complete

    def _take_table(self, table: Table[Node], guards: Mapping[str, tuple[Text, ...]] = _NO_GUARDS) -> None:
        self.open = self.open or not table.closed
        for entry in table:
            name = entry.name.value
            self.entries.setdefault(name, entry)
            around = guards.get(name, ())
            if name not in self.guards or not around:
                self.guards[name] = around

    def _ask_configuration(self, name: str, depth: int) -> None:
        classes = configuration_classes(self.subject)
        if classes and all(one.declares_no(name) for one in classes):
            self.certain = self.certain and all(one.lacks(name) for one in classes)
            return
        if len(classes) != 1 or classes[0].family.method(name) is None:
            self.open = True
            return
        self.take(classes[0].family, name, depth)


def passed_variables(subject: StepUnderCheck, builder: Builder) -> JobEnvironment | None:
    """Return the variables of the one job that a builder constructs; None if it constructs none, or several."""
    jobs = [
        (construction, name)
        for construction in builder.constructions()
        if (name := _argument(construction)) is not None
    ]
    if len(jobs) != 1:
        return None
    construction, name = jobs[0]
    environment = JobEnvironment(subject, construction.place)
    node = construction.arguments.get(name)
    if is_absent(node):
        environment.open = not construction.arguments.closed
        own = [m.name.value for m in builder.family.own.methods if m.environment is not None]
        environment.unused = own[0] if len(own) == 1 and not environment.open else None
    elif isinstance(node, Table):
        environment._take_table(node)
    elif isinstance(node, Call) and node.name.startswith("self.") and node.name.count(".") == 1:
        environment.take(builder.family, node.name.removeprefix("self."))
    else:
        environment.open = True
    return environment


def is_called(builder: Builder, name: str) -> bool:
    """Return whether a method of the builder, or of its base classes, uses the method ``name``."""
    return any(name == read.value for method in builder.family.methods() for read in method.facts.own_reads)


def _argument(construction: Construction) -> str | None:
    """Return the parameter for environment variables of a job's class, or None for another class."""
    short = construction.name.rpartition(".")[2]
    if short.endswith("Processor"):
        return "env"
    from flake8_training.launcher.sdk_classes import is_estimator, known_class

    known = known_class(construction.name)
    return "environment" if known is not None and is_estimator(known) else None


def unset_variables(subject: StepUnderCheck) -> Iterator[Problem]:
    """Yield the variables that the contract requires and the job does not receive."""
    builder = subject.reading.builder
    environment = passed_variables(subject, builder) if builder is not None else None
    if environment is None:
        return
    assert builder is not None
    if environment.unused is not None and not is_called(builder, environment.unused):
        yield Problem(
            environment.place, f"{environment.unused} is never called, the job is given no variables", True
        )
        return
    if not environment.open:
        yield from _required(subject, environment)
        yield from _declared(subject, environment)
        yield from _switches(subject, environment)
    yield from _never_set(subject, environment)


def _required(subject: StepUnderCheck, environment: JobEnvironment) -> Iterator[Problem]:
    seen: set[str] = set()
    declared = {text.value for contract in subject.contracts for text in contract.required_variables or ()}
    for contract in subject.contracts:
        for text in contract.required_variables or ():
            name = text.value
            if name in seen or name in environment.entries or name.startswith(_OF_SAGEMAKER):
                continue
            seen.add(name)
            found = _looked_up(subject, environment.lookups, name, required=True)
            if found is None:
                continue
            certain = found and environment.certain
            near = closest(name, [one for one in environment.entries if one not in declared])
            if near is not None:
                yield Problem(environment.entries[near].place, f"{name}, {near} is set", certain, text)
            else:
                yield Problem(environment.place, name, certain, text)


def _declared(subject: StepUnderCheck, environment: JobEnvironment) -> Iterator[Problem]:
    """Yield the variables of a contract's table that the job lacks and the script misses.

    The script misses one that it reads without a default, or with another default than the contract's value.
    """
    if subject.variables is None:
        return
    seen: set[str] = set()
    for contract in subject.contracts:
        required = {text.value for text in contract.required_variables or ()}
        for entry in contract.variables or ():
            name = entry.name.value
            if name in environment.entries or name in required | seen or name.startswith(_OF_SAGEMAKER):
                continue
            seen.add(name)
            reads = [read for read in subject.variables.reads if read.name == name]
            if not reads or is_read_by_libraries(name):
                continue
            if any(read.required for read in reads):
                yield Problem(environment.place, name, environment.certain, entry.name)
            elif all(_is_other(read.default, entry.value) for read in reads):
                detail = f"{name}, the script's default is not the contract's value"
                yield Problem(environment.place, detail, environment.certain, entry.name)


def _is_other(default: ast.expr | None, declared: Node) -> bool:
    """Return whether a default in the script is a string other than a contract's value."""
    return (
        isinstance(default, ast.Constant)
        and isinstance(default.value, str)
        and isinstance(declared, Scalar)
        and isinstance(declared.value, str | int | float | bool)
        and default.value.lower() != str(declared.value).lower()
    )


def _switches(subject: StepUnderCheck, environment: JobEnvironment) -> Iterator[Problem]:
    """Yield the switches of the script that nothing can set: every job has the contract's default."""
    if not any(not lookup.required for lookup in environment.lookups) or subject.variables is None:
        return
    read = {one.name for one in subject.variables.reads}
    for contract in subject.contracts:
        for entry in contract.optional_variables or ():
            name, default = entry.name.value, entry.value
            is_switch = isinstance(default, Scalar) and str(default.value).lower() in ("true", "false")
            if not is_switch or name not in read or name in environment.entries or is_read_by_libraries(name):
                continue
            if _looked_up(subject, environment.lookups, name, required=False) is not None:
                owner = " and ".join(one.name for one in configuration_classes(subject))
                detail = f"{name}, always the contract's default, {owner} has no {name.lower()}"
                yield Problem(entry.place, detail, False)


def _looked_up(subject: StepUnderCheck, lookups: list[Lookup], name: str, *, required: bool) -> bool | None:
    """Return whether certainly no loop over the contract's variables finds ``name``; None if one may find it."""
    certain = True
    for lookup in lookups:
        if lookup.required is not required:
            continue
        if lookup.default and required:
            return None
        wanted = name.lower() if lookup.lower else name
        for path in lookup.paths:
            classes = _beneath(subject, path)
            if classes is None:
                continue
            if not classes or not all(one.declares_no(wanted) for one in classes):
                return None
            certain = certain and all(one.lacks(wanted) for one in classes)
    return certain


def _beneath(subject: StepUnderCheck, path: str) -> list[Configuration] | None:
    """Return the classes of the value at a path in the configuration; empty if unknown, None if there is no value."""
    classes = configuration_classes(subject)
    if not path:
        return classes
    if "." in path or len(classes) != 1:
        return []
    if classes[0].declares_no(path):
        return None
    return class_of_field(subject, classes[0], path)


def _never_set(subject: StepUnderCheck, environment: JobEnvironment) -> Iterator[Problem]:
    """Yield the variables that are set only if the configuration has a field that its class does not declare."""
    classes = configuration_classes(subject)
    variables = subject.variables
    if not classes:
        return
    declared = {name for contract in subject.contracts for name in declared_variables(contract)}
    for name, fields in environment.guards.items():
        unread = variables is not None and variables.never_reads(name)
        if is_read_by_libraries(name) or (unread and name not in declared):
            continue
        for field in fields:
            if all(one.declares_no(field.value) for one in classes):
                owner = classes[0].name
                detail = (
                    f"{name}, set only if the configuration has {field.value}, which {owner} does not have"
                )
                yield Problem(field.place, detail, False)
                break


def class_of_field(subject: StepUnderCheck, configuration: Configuration, name: str) -> list[Configuration]:
    """Return the classes in a field's annotation; empty if one of them is unknown."""
    field = configuration.field(name)
    if field is None:
        return []
    try:
        with without_warnings():
            annotation = ast.parse(field.annotation, mode="eval").body
    except (SyntaxError, ValueError):
        return []
    classes = subject.repository.discovery.classes
    path = field.name.path
    reading = classes.files.reading(path)
    found: list[Configuration] = []
    for word in class_names(annotation):
        imported = reading.imported.get(word) if reading is not None else None
        where: str | None = path
        member = word
        if imported is not None:
            where, member = defining_file(classes.files, *imported, path), imported[1]
        known = classes.configuration(where, member) if where is not None and member else None
        if known is None:
            return []
        found.append(known)
    return found
