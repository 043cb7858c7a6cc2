"""TRN159: a declared hyperparameter is never read by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.declared_hyperparameters import never_read
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import contract_and_script
from training_alignment.rules.step_rule import StepRule


class HyperparameterNeverRead(StepRule):
    """Reports a hyperparameter of the contract that the script never reads."""

    code = "TRN159"
    severity = Severity.WARNING
    summary = "a declared hyperparameter is never read by the script"
    why = """
        SageMaker passes the hyperparameter to every job and records it. A tuning job may even search for its best
        value. The script ignores it, so no value changes the model.
    """
    fix = """
        Read the hyperparameter, or remove it from the contract.
    """
    reported_when = (
        "no option, no key of the hyperparameters and no `SM_HP_*` variable of a training script has the "
        "name",
    )
    not_reported_when = (
        Condition(
            "the script passes all hyperparameters on, as in `xgb.train(params=hyperparameters)`, or loops "
            "over them",
            suppressed={"    return {\n": ("    print(xgb.DMatrix)\n    xgb.Booster(given)\n    return {\n")},
            reported={"    return {\n": "    print(xgb.DMatrix, given)\n    return {\n"},
        ),
        Condition(
            "the script reads a key that is no literal string",
            suppressed={"    return {\n": '    print(given[os.environ["KEY"]])\n    return {\n'},
            reported={
                "    return {\n": ('    print(given["eta"], os.environ["SM_MODEL_DIR"])\n    return {\n')
            },
        ),
        Condition(
            "the script starts another program",
            suppressed={
                "import os\n": "import os\nimport subprocess\n",
                "    return {\n": '    subprocess.run(["./train.sh"])\n    return {\n',
            },
            reported={
                "import os\n": "import os\nimport subprocess\n",
                "    return {\n": "    print(subprocess.PIPE)\n    return {\n",
            },
        ),
        Condition(
            "the options cannot be determined completely, as with hydra or docopt",
            suppressed={
                "import pandas as pd\n": ("import hydra\nimport pandas as pd\n"),
                ('if __name__ == "__main__":\n    parameters = load_hyperparameters()\n'): (
                    "\n"
                    '@hydra.main(config_path=".", config_name="train")\n'
                    "def main(config):\n"
                    "    train(config)\n"
                    "\n"
                    "\n"
                    "def train(config):\n"
                    "    parameters = load_hyperparameters()\n"
                ),
                ('    model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))'): (
                    "    "
                    'model.save_model(os.path.join(os.environ["SM_MODEL_DIR"]'
                    ', "model.json"))\n'
                    "\n"
                    "\n"
                    'if __name__ == "__main__":\n'
                    "    main()"
                ),
            },
            reported={
                "import pandas as pd\n": ("import hydra\nimport pandas as pd\n"),
                "    parameters = load_hyperparameters()\n": (
                    "    print(hydra.__version__)\n    parameters = load_hyperparameters()\n"
                ),
            },
        ),
        Condition(
            "the script reads no hyperparameter at all, which TRN101 reports",
            suppressed={
                '    with open("/opt/ml/input/config/hyperparameters.json") as stream:\n'
                "        given = json.load(stream)\n": (
                    '    given = {"max_depth": 6, "eta": 0.3, "objective": \'"reg:linear"\', "num_round": 9}\n'
                ),
                '"gamma": 1.0,  # TRN159': '"gamma": 1.0,',
            },
            reported={"    with open(": '    print("no hyperparameter at all")\n    with open('},
        ),
        Condition(
            "a name that the script reads is a misspelling of it, which TRN158 reports",
            suppressed={'"eta": float(': ('"gama": float(given["gama"]),\n        "eta": float(')},
            reported={'"eta": float(': '"other": "gama",\n        "eta": float('},
        ),
    )
    missed = ("the hyperparameters pass through a comprehension: `.items()` counts as a read of all of them",)
    bad = Example(
        contract_and_script(
            contract=[('"num_round": 100,', '"num_round": 100,\n            "gamma": 1.0,  # TRN159')]
        )
    )
    good = Example(contract_and_script())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each hyperparameter that is never read, at the contract's entry."""
        for entry in never_read(subject):
            yield self.at(subject, entry, entry.name.value)
