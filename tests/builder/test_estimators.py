"""What is read of the estimators that a launcher makes: classes, arguments, hyperparameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builder.reading import estimator, known, launcher
from tests.dict_forms import CLOSED, REMOVED
from tests.dict_forms import OPEN as OPEN_FORMS

SPELLINGS = {
    "from the package": "from sagemaker.pytorch import PyTorch\nPyTorch(entry_point='t.py')",
    "from its module": "from sagemaker.pytorch.estimator import PyTorch\nPyTorch(entry_point='t.py')",
    "renamed": "from sagemaker.pytorch import PyTorch as Torch\nTorch(entry_point='t.py')",
    "by the package": "import sagemaker.pytorch\nsagemaker.pytorch.PyTorch(entry_point='t.py')",
    "by the package's name": "import sagemaker\nsagemaker.pytorch.estimator.PyTorch(entry_point='t.py')",
    "by position": "from sagemaker.pytorch import PyTorch\nPyTorch('t.py')",
    "through a variable": "from sagemaker.pytorch import PyTorch\ncls = PyTorch\ncls(entry_point='t.py')",
    "through a parameter": """
from sagemaker.pytorch import PyTorch
def make(cls):
    return cls(entry_point='t.py')
make(PyTorch)
""",
    "a class of one's own": """
from sagemaker.pytorch import PyTorch
class Mine(PyTorch):
    pass
Mine(entry_point='t.py')
""",
    "from a dict": """
from sagemaker.pytorch import PyTorch
arguments = dict(entry_point='t.py')
PyTorch(**arguments)
""",
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_class_is_known_by_every_spelling(name: str) -> None:
    found = estimator(SPELLINGS[name])
    assert (found.class_name, found.framework, found.sdk) == (
        "sagemaker.pytorch.estimator.PyTorch",
        "pytorch",
        "v2",
    )
    assert found.entry_point is not None
    assert found.entry_point.text == "t.py"


def test_what_is_no_sdk_class_is_none() -> None:
    found = launcher(
        "from sagemaker_lookalike import PyTorch\nfrom torch import nn\nPyTorch(role=1)\nnn.Module()"
    )
    assert not found.is_launcher
    assert found.estimators == ()


def test_trainer_of_v3_and_its_parts() -> None:
    found = estimator("""
        from sagemaker.train import ModelTrainer
        from sagemaker.core.training.configs import Compute, SourceCode
        trainer = ModelTrainer(
            training_image="image",
            source_code=SourceCode(source_dir="src", entry_script="train.py"),
            compute=Compute(instance_type="ml.m5.large"),
            hyperparameters={"lr": 0.1},
        ).with_metric_definitions([{"Name": "loss", "Regex": "loss=(.*)"}])
        trainer.train()
    """)
    assert found.is_trainer
    assert found.entry_point is not None
    assert found.source_dir is not None
    assert (found.entry_point.text, found.source_dir.text) == ("train.py", "src")
    compute = found.part("compute")
    assert compute is not None
    assert known(compute.arguments) == {"instance_type": "ml.m5.large"}
    assert known(found.hyperparameters) == {"lr": 0.1}
    assert [m.name.text for m in found.metric_definitions.entries if m.name] == ["loss"]
    (_,) = found.jobs


def test_a_function_makes_one_estimator_for_each_call() -> None:
    found = launcher("""
        from sagemaker.pytorch import PyTorch
        def make(entry, extra):
            settings = {"epochs": 3}
            for key, value in extra.items():
                settings[key] = value
            return PyTorch(entry_point=entry, hyperparameters=settings)
        one = make("one.py", {"lr": 0.1})
        two = make("two.py", extra={"momentum": 0.9})
        one.fit("s3://bucket/one")
        two.fit("s3://bucket/two")
    """).estimators
    assert {e.entry_point.text: known(e.hyperparameters) for e in found if e.entry_point} == {
        "one.py": {"epochs": 3, "lr": 0.1},
        "two.py": {"epochs": 3, "momentum": 0.9},
    }
    assert all(not e.hyperparameters.open_ended and len(e.jobs) == 1 for e in found)


DICTS = {
    "a display": ("h = {'a': 1, 'b': 'x'}", {"a": 1, "b": "x"}),
    "dict()": ("h = dict(a=1, b='x')", {"a": 1, "b": "x"}),
    "spread": ("base = {'a': 1}\nh = {**base, 'b': 'x'}", {"a": 1, "b": "x"}),
    "the later wins": ("base = {'a': 1, 'b': 2}\nh = {**base, 'b': 'x'}", {"a": 1, "b": "x"}),
    "dict of two": ("h = dict(**{'a': 1}, **{'b': 'x'})", {"a": 1, "b": "x"}),
    "or": ("h = {'a': 1} | {'b': 'x'}", {"a": 1, "b": "x"}),
    "stored": ("h = {}\nh['a'] = 1\nh['b'] = 'x'", {"a": 1, "b": "x"}),
    "stored in a loop": ("h = {}\nfor k in ['a', 'b']:\n    h[k] = 1", {"a": 1, "b": 1}),
    "updated": ("h = {'a': 1}\nh.update({'b': 'x'})", {"a": 1, "b": "x"}),
    "updated by keyword": ("h = {'a': 1}\nh.update(b='x')", {"a": 1, "b": "x"}),
    "a copy": ("base = {'a': 1}\nh = base.copy()\nh['b'] = 'x'", {"a": 1, "b": "x"}),
    "a deep copy": (
        "import copy\nbase = {'a': 1}\nh = copy.deepcopy(base)\nh['b'] = 'x'",
        {"a": 1, "b": "x"},
    ),
    "of a function": ("def get():\n    return {'a': 1, 'b': 'x'}\nh = get()", {"a": 1, "b": "x"}),
    "of a class": ("class C:\n    h = {'a': 1, 'b': 'x'}\nh = C.h", {"a": 1, "b": "x"}),
    "computed": ("h = {'a': 60 * 60 // 2, 'b': f'{1}x'}", {"a": 1800, "b": "1x"}),
    "a comprehension": ("d = {'a': 1, 'b': 'x'}\nh = {k: v for k, v in d.items()}", {"a": 1, "b": "x"}),
    "bound again": ("h = {'z': 0}\nh = {'a': 1, 'b': 'x'}", {"a": 1, "b": "x"}),
    "bound in both branches": (
        "h = {'z': 0}\nif test():\n    h = {'a': 1}\nelse:\n    h = {'b': 'x'}",
        {"a": 1, "b": "x"},
    ),
    "bound later": ("h = {'a': 1, 'b': 'x'}\nmake()\nkeep = h", {"a": 1, "b": "x"}),
}
MAKE = "\nfrom sagemaker.pytorch import PyTorch\ne = PyTorch(entry_point='t.py', hyperparameters=h)\n"


@pytest.mark.parametrize("name", DICTS)
def test_hyperparameters_are_followed(name: str) -> None:
    text, expected = DICTS[name]
    found = estimator(text + MAKE)
    assert known(found.hyperparameters) == expected
    assert not found.hyperparameters.open_ended


OPEN = {
    "of a call": "h = load()",
    "spread of a call": "h = {'a': 1, **load()}",
    "a key that is not known": "h = {'a': 1}\nh[name()] = 2",
    "updated by what is not known": "h = {'a': 1}\nh.update(load())",
    "a parameter": "def f(h):\n    return h\nh = f(unknown)",
    "a comprehension over what is not known": "h = {k: 1 for k in names()}",
}


@pytest.mark.parametrize("name", OPEN)
def test_hyperparameters_that_cannot_be_told_are_open(name: str) -> None:
    assert estimator(OPEN[name] + MAKE).hyperparameters.open_ended


@pytest.mark.parametrize("form", CLOSED)
def test_hyperparameters_and_channels_know_every_form(form: str) -> None:
    program, keys = CLOSED[form]
    read = launcher(f"{program}\nh = D{MAKE}e.fit(D)\n")
    (job,) = read.jobs
    for found in (job.estimator.hyperparameters, job.channels):
        assert not found.open_ended
        assert {entry.name for entry in found.entries if entry.certain} == keys == set(found.names)


@pytest.mark.parametrize("form", REMOVED)
def test_hyperparameters_and_channels_that_are_taken_out_are_not_certain(form: str) -> None:
    read = launcher(f"{REMOVED[form]}\nh = D{MAKE}e.fit(D)\n")
    (job,) = read.jobs
    for found in (job.estimator.hyperparameters, job.channels):
        assert not found.open_ended
        assert [(entry.name, entry.certain) for entry in found.entries] == [("a", True), ("b", False)]


@pytest.mark.parametrize("form", OPEN_FORMS)
def test_hyperparameters_and_channels_of_an_open_dict_are_open(form: str) -> None:
    read = launcher(f"{OPEN_FORMS[form]}\nh = D{MAKE}e.fit(D)\n")
    (job,) = read.jobs
    assert job.estimator.hyperparameters.open_ended
    assert job.channels.open_ended


CHANGED_IN_A_BRANCH = {
    "update": "D = {'a': '1'}\nif test():\n    D.update(b='2')",
    "augmented union": "D = {'a': '1'}\nif test():\n    D |= {'b': '2'}",
    "store in a dict of a dict": "C = {'h': {'a': '1'}}\nD = C['h']\nif test():\n    C['h']['b'] = '2'",
}


@pytest.mark.parametrize("form", CHANGED_IN_A_BRANCH)
def test_what_a_branch_adds_is_not_certain(form: str) -> None:
    found = estimator(f"{CHANGED_IN_A_BRANCH[form]}\nh = D{MAKE}").hyperparameters
    assert [(entry.name, entry.certain) for entry in found] == [("a", True), ("b", False)]


def test_what_is_stored_in_a_dict_of_the_same_name_is_not_in_this_one() -> None:
    text = "h = {'z': 1}\nh['y'] = 1\nkeep(h)\nh = {'a': 1}\nh['b'] = 'x'"
    assert known(estimator(text + MAKE).hyperparameters) == {"a": 1, "b": "x"}


UNCERTAIN = {
    "stored in a branch": "h = {'b': 1}\nif test():\n    h['a'] = 1",
    "one of two": "h = {'a': 1} if test() else {'b': 1}",
    "taken out": "h = {'a': 1, 'b': 1}\nh.pop('a')",
    "deleted": "h = {'a': 1, 'b': 1}\ndel h['a']",
    "a default in a branch": "h = {'b': 1}\nif test():\n    h.setdefault('a', 1)",
    "filtered": "d = {'a': 1, 'b': 2}\nh = {k: v for k, v in d.items() if v}",
}


@pytest.mark.parametrize("name", UNCERTAIN)
def test_what_is_not_always_there_is_not_certain(name: str) -> None:
    found = estimator(UNCERTAIN[name] + MAKE).hyperparameters
    assert not found.open_ended
    assert {entry.certain for entry in found.all("a")} == {False}


def test_what_a_helper_makes_of_values_is_told() -> None:
    found = estimator("""
        import json
        from sagemaker.estimator import Estimator
        def encoded(values):
            return {str(k): json.dumps(v) for (k, v) in values.items()}
        Estimator("image", hyperparameters=encoded({"a": [1, 2]}))
    """).hyperparameters
    assert [(entry.name, entry.encoding) for entry in found] == [("a", "json")]


def test_set_hyperparameters_and_what_comes_after_the_start() -> None:
    found = estimator("""
        from sagemaker.estimator import Estimator
        settings = {"a": 1}
        e = Estimator("image", hyperparameters=settings)
        e.set_hyperparameters(b=2)
        e.fit("s3://bucket/x")
        settings["c"] = 3
    """).hyperparameters
    assert {entry.name: entry.certain for entry in found} == {"a": True, "b": True, "c": False}


def test_each_job_means_the_binding_before_it() -> None:
    found = launcher("""
        from sagemaker.pytorch import PyTorch
        h = {"a": 1}
        first = PyTorch(entry_point="one.py", hyperparameters=h)
        h = {"b": 1}
        first = PyTorch(entry_point="two.py", hyperparameters=h)
        first.fit("s3://bucket/x")
    """)
    assert [e.hyperparameters.names for e in found.estimators] == [("a",), ("b",)]
    assert [job.estimator.entry_point.text for job in found.jobs if job.estimator.entry_point] == ["two.py"]


def test_a_copy_is_a_dict_of_its_own() -> None:
    found = launcher("""
        from sagemaker.pytorch import PyTorch
        base = {"a": 1}
        more = dict(base)
        more["b"] = 2
        one = PyTorch(entry_point="one.py", hyperparameters=base)
        two = PyTorch(entry_point="two.py", hyperparameters=more)
    """)
    assert [e.hyperparameters.names for e in found.estimators] == [("a",), ("a", "b")]


def test_builder_classes_and_modules_beside(tmp_path: Path) -> None:
    found = estimator(
        """
        from settings import INSTANCE, arguments
        from sagemaker.xgboost import XGBoost
        class Builder:
            def __init__(self, config):
                self.config = config
                self.entry = "train.py"
            def _create_estimator(self):
                return XGBoost(entry_point=self.entry, instance_type=INSTANCE, role=self.config.role, **arguments())
        """,
        tmp_path,
        settings="INSTANCE = 'ml.m5.large'\ndef arguments():\n    return {'instance_count': 2}\n",
    )
    assert known(found.arguments) == {
        "entry_point": "train.py",
        "instance_type": "ml.m5.large",
        "role": None,
        "instance_count": 2,
    }
    assert not found.arguments.open_ended


def test_unknown_spread_leaves_the_arguments_open() -> None:
    assert estimator("from sagemaker.pytorch import PyTorch\nPyTorch(**unknown)").arguments.open_ended
    assert estimator("from sagemaker.pytorch import PyTorch\nPyTorch(*unknown)").arguments.open_ended


def test_assigned_attributes_override_arguments() -> None:
    found = estimator("""
        from sagemaker.pytorch import PyTorch
        e = PyTorch(entry_point="t.py", role=None)
        e.role = load()
    """)
    assert found.overridden == {"role"}


def test_environment_and_metrics() -> None:
    found = estimator("""
        from sagemaker.pytorch import PyTorch
        environment = {"A": "1"}
        environment["B"] = "2"
        PyTorch(
            entry_point="t.py",
            environment=environment,
            metric_definitions=[{"Name": "loss", "Regex": "loss: ([0-9.]+)"}],
        )
    """)
    assert known(found.environment) == {"A": "1", "B": "2"}
    (metric,) = found.metric_definitions.entries
    assert metric.regex is not None
    assert metric.regex.text == "loss: ([0-9.]+)"
    assert not found.metric_definitions.open_ended
