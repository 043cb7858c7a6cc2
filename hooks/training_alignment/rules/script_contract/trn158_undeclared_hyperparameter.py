"""TRN158: the script reads a hyperparameter that nothing declares.

A project writes ``hyperparameters.json`` from an object of one class (`class PriceHyperparameters(BaseModel)`), the
script reads it into an object of its own (`Settings(**loaded)`): a field that is called otherwise there has its default
in every job.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.named_tuple import NamedTuple
from flake8_training.pattern import pattern
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest, did_you_mean, with_a_word_more
from training_alignment.artefacts.builder_model import Configuration
from training_alignment.artefacts.class_model import ClassHierarchy, Text
from training_alignment.artefacts.class_reader import class_bodies
from training_alignment.artefacts.name_resolution import defining_file
from training_alignment.artefacts.read_error import ReadError
from training_alignment.comparisons.declared_hyperparameters import declared_hyperparameters, undeclared_reads
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_step import contract_and_script
from training_alignment.rules.step_rule import StepRule


def _configured(use: str) -> Example:
    """Return a launcher and a script that reads its settings from a file that is sent with it."""
    return Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir="code",
                    framework_version="2.1",
                    py_version="py310",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                estimator.fit()
            """,
            "code/settings.yaml": "rounds: 3\n",
            "code/train.py": (
                f'import yaml\n\nwith open("settings.yaml") as file:\n    config = yaml.safe_load(file)\n{use}'
            ),
        },
        options=("--select=TRN158",),
    )


def _classes(fields: tuple[str, str, str], marker: str = "") -> Example:
    """Return a project's class of hyperparameters, and a script that reads them into a class with three fields."""
    first, second, third = fields
    return Example(
        {
            "contracts/price_training_contract.py": """
                from contracts.base import TrainingScriptContract

                PRICE_TRAINING_CONTRACT = TrainingScriptContract(
                    entry_point="price_training.py",
                    expected_input_paths={"data": "/opt/ml/input/data"},
                    expected_output_paths={"model": "/opt/ml/model"},
                )
            """,
            "configs/config_price_training_step.py": """
                from pydantic import BaseModel

                from hyperparams.hyperparameters_price import PriceHyperparameters


                class PriceTrainingConfig(BaseModel):
                    hyperparameters: PriceHyperparameters
            """,
            "hyperparams/hyperparameters_price.py": """
                from pydantic import BaseModel


                class PriceHyperparameters(BaseModel):
                    max_depth: int = 6
                    eta: float = 0.1
            """,
            "scripts/price_training.py": f"""
                import json
                import os

                from pydantic import BaseModel


                class Settings(BaseModel):
                    {first}: int = 6{marker}
                    {second}: float = 0.1
                    {third}: int = 100


                with open("/opt/ml/input/config/hyperparameters.json") as stream:
                    settings = Settings(**json.load(stream))
                print(settings, os.environ["SM_MODEL_DIR"])
            """,
        },
        options=("--select=TRN158",),
    )


class ReadsUndeclaredHyperparameter(StepRule):
    """Reports a hyperparameter that the script reads and neither contract nor specification declares."""

    code = "TRN158"
    severity = Severity.ERROR
    summary = "the script reads a hyperparameter that nothing declares"
    other_summaries = ("the configuration file lacks the key",)
    why = """
        If the key is not among the job's hyperparameters, `hyperparameters["max_dept"]` ends the job with `KeyError`.
        `hyperparameters.get("max_dept", 6)` trains every model with 6, whatever value the launcher passes.
    """
    fix = """
        Read the declared name, or declare the hyperparameter in the contract.
    """
    warning_when = ("a field of the class of hyperparameters is misspelt where the script reads it",)
    reported_when = (
        "the script requires a key of the hyperparameters or a variable `SM_HP_*`, and neither contract "
        "nor specification declares it",
        "the script reads a key with a default, and the key is a misspelling of a declared hyperparameter "
        "that it reads nowhere",
        "an option of a training script is a misspelling of a declared hyperparameter that it reads nowhere",
        "the script certainly reads a constant key of a YAML or JSON file that is sent with it, and the file lacks "
        "the key",
        "a class that the script fills from a dict (`Settings(**loaded)`) has a field that is a "
        "misspelling of one of the project's hyperparameter class (a warning)",
    )
    not_reported_when = (
        Condition(
            "the contract declares no hyperparameters, or an unknown set of them (the comparison of classes "
            "needs no contract)",
            suppressed={
                '        "num_round": 100,\n': '        "num_round": 100,\n        **MORE,\n',
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from contracts.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                ),
            },
            reported={
                "CHURN_TRAINING_CONTRACT = {\n": (
                    "from contracts.more import MORE\n\nCHURN_TRAINING_CONTRACT = {\n"
                )
            },
        ),
        Condition(
            "the names differ in case, `-` or `_` only",
            suppressed={'given.get("num_rounds", 100)),  # TRN158': 'given.get("num-round", 100)),'},
            reported={'given.get("num_rounds", 100)),  # TRN158': 'given.get("num-rounds", 100)),  # TRN158'},
        ),
        Condition(
            "the name begins with `sagemaker_` or `_tuning_`, which SageMaker adds",
            suppressed={
                'given.get("num_rounds", 100)),  # TRN158': 'given.get("sagemaker_num_rounds", 100)),'
            },
            reported={"    return {\n": '    print("sagemaker_num_rounds")\n    return {\n'},
        ),
        Condition(
            "an imported module reads the key",
            suppressed={
                "import xgboost as xgb\n": "import xgboost as xgb\n\nimport settings\n",
                (
                    '        "num_round": int(given.get("num_rounds", 100)),  # TRN158\n'
                ): '        "num_round": settings.rounds(given),\n',
                "+ scripts/settings.py": (
                    'def rounds(given):\n    return int(given.get("num_rounds", 100))\n'
                ),
            },
            reported={
                "import xgboost as xgb\n": "import xgboost as xgb\n\nimport settings\n",
                "    return {\n": "    print(settings.depth(given))\n    return {\n",
                "+ scripts/settings.py": ('def depth(given):\n    return int(given.get("max_depth", 100))\n'),
            },
        ),
        Condition(
            "the script may add the key to what it reads from the file, or the read may not run",
            suppressed=_configured('config.setdefault("epochs", 3)\nepochs = config["epochs"]\n'),
            reported=_configured('print("epochs", config)\nepochs = config["epochs"]  # TRN158\n'),
        ),
        Condition(
            "fewer than half of the fields of the project's class are fields of the script's class, which "
            "then belongs to another step",
            suppressed=_classes(("max_dept", "rounds", "shards")),
            reported=_classes(("max_dept", "eta", "rounds"), "  # TRN158"),
        ),
    )
    missed = (
        "the hyperparameters pass through a comprehension that decodes them, or come from a file in a "
        "channel",
    )
    bad = Example(
        contract_and_script(
            script=[('int(given["num_round"]),', 'int(given.get("num_rounds", 100)),  # TRN158')]
        )
    )
    good = Example(contract_and_script())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        declared = declared_hyperparameters(subject)
        if declared is not None:
            for read in undeclared_reads(subject, declared):
                yield self.in_script(subject, read.node, read.detail)
        for name, near in unknown_fields(subject):
            related = other_side(near, f"{near.value} of the hyperparameters")
            found = self.at(subject, name, f"{name.value}{did_you_mean(near.value)}", [related])
            yield replace(found, severity=Severity.WARNING)


_IDENTIFIER = pattern(r"[A-Za-z_]\w*")

_MOST_ROUNDS = 4
"""The greatest number of classes between a class and one that derives from it."""


class Unknown(NamedTuple):
    """A field of the script's class that no hyperparameter class has; ``near`` is the nearest one that it lacks."""

    name: Text
    near: Text


def unknown_fields(subject: StepUnderCheck) -> Iterator[Unknown]:
    """Yield the fields of the script's classes that are misspellings of the project's hyperparameters."""
    filled = list(_script_classes(subject)) if subject.is_training and subject.script is not None else []
    families = _project_classes(subject) if filled else []
    if not families:
        return
    configurations = [Configuration(family) for family in families]
    known = {name for one in configurations for name in one.names()}
    named = [{f.name.value: f.name for f in one.fields() if not f.private} for one in configurations]
    for own in filled:
        taken = {text.value for text in own}
        # A class that shares fewer than half of its fields with the script's belongs to another script.
        meant = [fields for fields in named if 2 * len(taken & fields.keys()) >= len(fields)]
        free = {name: text for fields in meant for name, text in fields.items() if name not in taken}
        for text in own:
            if text.value not in known:
                near = closest(text.value, free) or with_a_word_more(text.value, free)
                if near is not None:
                    yield Unknown(text, free[near])


def _script_classes(subject: StepUnderCheck) -> Iterator[list[Text]]:
    """Yield the public fields of each class of the script that is constructed from a dict: ``Settings(**loaded)``."""
    assert subject.script is not None
    assert subject.script_path is not None
    repository = subject.repository.discovery.repository
    calls = subject.script.analysis.program.entry.calls_by_name
    source = repository.source(subject.script_path)
    filled = [
        name
        for name in source.classes
        if any(keyword.arg is None for site in calls.get(name, ()) for keyword in site.node.keywords)
    ]
    if filled:
        for body in class_bodies(source, repository):
            if body.name in filled:
                yield [field.name for field in body.fields if not field.private]


def _project_classes(subject: StepUnderCheck) -> list[ClassHierarchy]:
    """Return the classes that may hold the step's hyperparameters: those of the configuration's fields, and subclasses.

    Which of them is meant, the fields that it shares with the script's class decide.
    """
    configuration = subject.reading.configuration
    found: dict[tuple[str, str], ClassHierarchy] = {}
    for field in configuration.fields() if configuration is not None else ():
        for name in _IDENTIFIER.findall(field.annotation):
            base = _class_named(subject, field.name.path, name)
            if base is not None and any(body.fields for body in base.bodies):
                if (base.path, base.name) not in found:
                    found[base.path, base.name] = base
                    found.update(((o.path, o.name), o) for o in _derived(subject, base))
    return list(found.values())


def _class_named(subject: StepUnderCheck, path: str, name: str) -> ClassHierarchy | None:
    """Return the class to which a name in a file refers, or None."""
    discovery = subject.repository.discovery
    reading = discovery.repository.reading(path)
    module, member = reading.imported.get(name, ("", name)) if reading is not None else ("", "")
    defined = defining_file(discovery.repository, module, member, path) if module else path
    return discovery.classes.family(defined, member) if defined is not None and member else None


def _derived(subject: StepUnderCheck, base: ClassHierarchy) -> Iterator[ClassHierarchy]:
    """Yield the classes of the repository that derive from a class. Only files that name it are read."""
    discovery = subject.repository.discovery
    python = [path for path in discovery.index.usable if path.endswith(".py")]
    names, known = {base.name}, {(base.path, base.name)}
    for _ in range(_MOST_ROUNDS):
        words = [name.encode(errors="surrogatepass") for name in names]
        names = set()
        for path in python:
            for family in _classes_naming(subject, path, words):
                if (path, family.name) not in known and any(
                    one.place == base.place and one.name == base.name for one in family.bodies[1:]
                ):
                    yield family
                    known.add((path, family.name))
                    names.add(family.name)
        if not names:
            return


def _classes_naming(subject: StepUnderCheck, path: str, words: list[bytes]) -> Iterator[ClassHierarchy]:
    """Yield the classes of a file that has one of the words; none of a file that cannot be read."""
    discovery = subject.repository.discovery
    try:
        data = discovery.repository.data(path)
        if b"class " not in data or not any(word in data for word in words):
            return
        classes = discovery.repository.source(path).classes
    except ReadError:
        return
    for name, node in classes.items():
        family = discovery.classes.family(path, name) if node.bases else None
        if family is not None:
            yield family
