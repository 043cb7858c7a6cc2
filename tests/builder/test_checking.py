"""How rules over launchers are run: on which files, and what becomes of their failures."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from flake8_training.checker import check_script, launcher_findings_in
from flake8_training.engine.syntax.program import Program
from flake8_training.finding import Finding, Severity
from flake8_training.launcher import Launcher, read_launcher
from flake8_training.rules.launcher.launcher_rule import LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.registry import script_rules
from flake8_training.rules.rule import Example, Rule
from flake8_training.script import Script
from flake8_training.settings import Settings
from tests.chosen_rules import Chosen

MAKES = "from sagemaker.pytorch import PyTorch\nPyTorch(entry_point='t.py')\n"
TRAINS = """
import argparse, os
import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
args = argparse.ArgumentParser().parse_args()
data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "x.csv"))
joblib.dump(LogisticRegression().fit(data, data), os.path.join(os.environ["SM_MODEL_DIR"], "m"))
"""


class OverLaunchers(LauncherRule):
    """Finds every object that is made."""

    code = "TRN499"
    severity = Severity.WARNING
    summary = "a probe"
    why = "For the tests."
    bad = good = Example("")

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield what is made, or fail."""
        for made in launcher.constructions:
            yield Problem(made.node, made.name, made.node)
        if self.fails:
            raise ValueError("it fails")


class OverScripts(Rule[Script]):
    """Finds every script."""

    code = "TRN199"
    severity = Severity.WARNING
    summary = "a probe"
    why = "For the tests."
    bad = good = Example("")

    def check(self, script: Script, /) -> Iterator[Finding]:
        """Yield a finding on the first line."""
        yield self.finding(script, 1)


NO_SETTINGS = Settings()


def check(text: str, settings: Settings = NO_SETTINGS, fails: bool = False) -> list[str]:
    rules = Chosen(OverLaunchers(fails), OverScripts())
    return [
        f.code for f in check_script(ast.parse(text), "", text.splitlines(keepends=True), settings, rules)
    ]


def test_each_rule_sees_the_files_it_is_about() -> None:
    assert check(MAKES) == ["TRN499"]
    assert check(TRAINS) == ["TRN199"]
    assert check("import sagemaker\nx = 1\n") == []
    assert check(MAKES, Settings(training_scripts=("*",))) == ["TRN199", "TRN499"]


def test_a_rule_that_fails_is_told_with_what_it_found() -> None:
    assert sorted(check(MAKES, fails=True)) == ["TRN001", "TRN499"]


def test_rules_over_launchers_are_among_those_of_flake8() -> None:
    codes = {rule.code for rule in script_rules(advice=False) if isinstance(rule, LauncherRule)}
    assert {"TRN210", "TRN306", "TRN402", "TRN425"} <= codes
    assert not any(isinstance(rule, LauncherRule) for rule in script_rules(advice=True))


def test_places_can_be_those_of_another_file() -> None:
    tree = ast.parse(MAKES)
    launcher = Launcher(Program(tree, ""), "n.ipynb", MAKES.splitlines(), lambda node: ("n.ipynb", 40))
    assert [(f.path, f.line) for f in OverLaunchers().check(launcher)] == [("n.ipynb", 40)]


@pytest.mark.parametrize("rule", [r for r in script_rules(advice=False) if isinstance(r, LauncherRule)])
@pytest.mark.parametrize(
    "text",
    [
        "from sagemaker.pytorch import PyTorch\nPyTorch()",
        "from sagemaker.pytorch import PyTorch\nPyTorch(*a, **b).fit(*c, **d)",
        "from sagemaker.pytorch import PyTorch\nPyTorch(**PyTorch).fit(PyTorch())",
        "from sagemaker.pytorch import PyTorch\nh = {}\nh['a'] = h\nPyTorch(hyperparameters=h, environment=h).fit(h)",
        "from sagemaker.pytorch import PyTorch\nclass A(PyTorch, A): pass\nA(A).fit()",
        "from sagemaker.train import ModelTrainer\nModelTrainer(source_code=1, hyperparameters='x.json').train(1)",
        "from sagemaker.tuner import HyperparameterTuner\nHyperparameterTuner(1, 2, 3, 4).fit()",
        "import boto3\nboto3.client('sagemaker').create_training_job(**{'a': {1: 2}, **x})",
        "x = {'estimator_config': 1, 'inputs': {'a': 1}, 'outputs': [], None: 2}",
        "from sagemaker.workflow.steps import TrainingStep\ns = TrainingStep()\ns.properties[0][s.properties].x",
        "def f(e):\n    from sagemaker.pytorch import PyTorch\n    e = PyTorch(f(e))\n    return e.fit(e)",
    ],
)
def test_no_rule_fails_on_odd_code(rule: LauncherRule, text: str) -> None:
    launcher = read_launcher(ast.parse(text), "", text.splitlines(keepends=True))
    assert "TRN001" not in [found.code for found in launcher_findings_in(launcher, [rule])]
