"""Level 4: in an aligned training step with its builder and configuration, one thing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from training_alignment import check
from training_alignment.rules.example_builder import BUILDER_PATH, built

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Example
from tests.harness import write
from tests.margin import assert_findings

Changes = list[tuple[str, str]]
Parts = Mapping[str, Changes]

TYPE = "instance_type=self.config.training_instance_type,"
READS = "instance_type=self.config.instance_type,"
FIELD = "        training_volume_size: int = 30\n"
CLASS = "class BaseStepConfig(BaseModel):\n"
PYDANTIC = "from pydantic import BaseModel\n"

ENTRY = "entry_point=self.config.training_entry_point,"
VERSION = "framework_version=self.config.framework_version,"
TORCH = (VERSION, 'framework_version="2.1",\n                py_version="py310",')
SKLEARN = (VERSION, 'framework_version="1.2-1",')

FIELDS: dict[str, Parts] = {
    "a field that there is not": {"builder": [(TYPE, READS + "  # TRN417")]},
    "a field misspelt": {
        "builder": [
            (
                "volume_size=self.config.training_volume_size,",
                "volume_size=self.config.training_volum_size,  # TRN417",
            )
        ]
    },
    "a field renamed in the configuration": {
        "builder": [("label_field}", "label_field}  # TRN417"), ('["label_field", ', "[")],
        "configuration": [("label_field", "label_name")],
    },
    "a required field that there is not": {
        "builder": [('"training_entry_point"]', '"training_entry_point", "region"]  # TRN417')]
    },
    "a field listed by a loop that raises": {
        "builder": [
            (
                'required_attrs = ["label_field", "training_entry_point"]\n            for name in required_attrs:',
                'for name in ("label_field", "region"):  # TRN417',
            )
        ]
    },
    "a field that the builder refuses to do without": {
        "builder": [
            (
                "super().__init__(",
                'if not hasattr(config, "region"):  # TRN417\n                raise ValueError\n'
                "            super().__init__(",
            )
        ]
    },
    "a field read by another name of the configuration": {
        "builder": [
            (
                "            return XGBoost(",
                "            config = self.config\n            config.instance_type  # TRN417\n"
                "            return XGBoost(",
            ),
        ]
    },
    "in a data class": {
        "builder": [(TYPE, READS + "  # TRN417")],
        "configuration": [
            (PYDANTIC, "from dataclasses import dataclass\n"),
            (CLASS, "@dataclass\n    class BaseStepConfig:\n"),
            ("class ChurnTrainingConfig", "@dataclass\n    class ChurnTrainingConfig"),
        ],
    },
    "a field that the configuration misspells itself": {
        "configuration": [
            (
                FIELD,
                FIELD + "\n        def count(self):\n            first = 1\n            second = 2\n"
                "            return first + second + self.min_row  # TRN417\n",
            )
        ],
    },
    "where a comment speaks of storing attributes": {
        "builder": [(TYPE, READS + "  # TRN417")],
        "configuration": [
            (
                FIELD,
                FIELD + "\n        def fill(self, other):\n            # setattr(self, name, value)\n"
                "            setattr(other, 'a', vars(self))\n            return vars(other).update(a=1)\n",
            )
        ],
    },
    "where the class takes more fields": {
        "builder": [(TYPE, READS + "  # TRN417")],
        "configuration": [(CLASS, CLASS + '        model_config = {"extra": "allow"}\n')],
    },
}

SILENT: dict[str, Parts] = {
    "a field of a base class": {
        "builder": [(TYPE, "instance_type=self.config.base_type,")],
        "configuration": [(CLASS, CLASS + "        base_type: str = 'ml.m5.large'\n")],
    },
    "a private attribute": {
        "builder": [(TYPE, "instance_type=self.config._type,")],
        "configuration": [(FIELD, FIELD + "        _type: str = PrivateAttr(default='ml.m5.large')\n")],
    },
    "a property": {
        "builder": [(TYPE, READS)],
        "configuration": [
            (
                FIELD,
                FIELD
                + "\n        @property\n        def instance_type(self):\n            return 'ml.m5.large'\n",
            )
        ],
    },
    "an attribute that a method stores": {
        "builder": [(TYPE, READS)],
        "configuration": [
            (FIELD, FIELD + "\n        def fill(self):\n            self.instance_type = 'ml.m5.large'\n")
        ],
    },
    "attributes that a method stores by their names": {
        "builder": [(TYPE, READS)],
        "configuration": [
            (
                FIELD,
                FIELD + "\n        def fill(this, values):\n            for name in values:\n"
                "                setattr(this, name, values[name])\n",
            )
        ],
    },
    "attributes that a method stores in its dict": {
        "builder": [(TYPE, READS)],
        "configuration": [
            (FIELD, FIELD + "\n        def fill(self, values):\n            self.__dict__.update(values)\n")
        ],
    },
    "a method of pydantic": {"builder": [(TYPE, "instance_type=self.config.model_dump()['a'],")]},
    "guarded": {
        "builder": [
            (
                TYPE,
                'instance_type=self.config.instance_type if hasattr(self.config, "instance_type") else "ml.m5.large",',
            )
        ]
    },
    "with a default": {
        "builder": [(TYPE, 'instance_type=getattr(self.config, "instance_type", "ml.m5.large"),')]
    },
    "asked for with a default before": {
        "builder": [
            (
                TYPE,
                'instance_type=self.config.instance_type if getattr(self.config, "instance_type", None) '
                'else "ml.m5.large",',
            )
        ]
    },
    "where it may fail": {
        "builder": [
            (
                "            return XGBoost(",
                "            try:\n                self.config.instance_type\n            except AttributeError:\n"
                "                pass\n            return XGBoost(",
            )
        ]
    },
    "a base that is not at hand": {
        "builder": [(TYPE, READS)],
        "configuration": [
            (CLASS, "from platform_library import Settings\n\n    class BaseStepConfig(Settings):\n")
        ],
    },
    "a class that answers anything": {
        "builder": [(TYPE, READS)],
        "configuration": [
            (FIELD, FIELD + "\n        def __getattr__(self, name):\n            return name\n")
        ],
    },
    "a class with a decorator of its own": {
        "builder": [(TYPE, READS)],
        "configuration": [("class ChurnTrainingConfig", "@with_defaults\n    class ChurnTrainingConfig")],
    },
    "a derived class that has it": {
        "builder": [(TYPE, READS)],
        "configuration": [
            (
                FIELD,
                FIELD
                + "\n\n    class LargeConfig(ChurnTrainingConfig):\n        instance_type: str = 'ml.m5.large'\n",
            )
        ],
    },
    "one of several classes": {
        "builder": [
            (TYPE, READS),
            ("config: ChurnTrainingConfig", "config: ChurnTrainingConfig | OtherConfig"),
            ("import ChurnTrainingConfig", "import ChurnTrainingConfig, OtherConfig"),
        ],
        "configuration": [
            (
                FIELD,
                FIELD + "\n\n    class OtherConfig(BaseModel):\n        instance_type: str = 'ml.m5.large'\n",
            )
        ],
    },
    "a field that the builder fills in": {
        "builder": [
            (TYPE, READS),
            ("super().__init__(", "config.instance_type = 'ml.m5.large'\n            super().__init__("),
        ]
    },
    "an estimator with an image of one's own": {
        "builder": [
            ("return XGBoost(", "return TensorFlow(\n                image_uri=self.config.role,"),
            ("from sagemaker.xgboost import XGBoost", "from sagemaker.tensorflow import TensorFlow"),
        ]
    },
    "a general image for a framework without an estimator": {
        "builder": [
            SKLEARN,
            ("XGBoost(", "SKLearn("),
            ("from sagemaker.xgboost import XGBoost", "from sagemaker.sklearn import SKLearn"),
        ],
        "contract": [('"xgboost": "==1.7.6"', '"lightgbm": ">=4", "scikit-learn": ">=1"')],
    },
    "the estimator beneath a library": {
        "builder": [
            TORCH,
            ("XGBoost(", "PyTorch("),
            ("from sagemaker.xgboost import XGBoost", "from sagemaker.pytorch import PyTorch"),
        ],
        "contract": [('"xgboost": "==1.7.6"', '"transformers": ">=4"')],
    },
    "what the configuration asks itself for": {
        "configuration": [
            (FIELD, FIELD + "\n        def count(self):\n            return getattr(self, 'min_row', 1)\n")
        ],
    },
    "what a function beside the fields is given": {
        "configuration": [
            (
                FIELD,
                FIELD
                + "\n        @staticmethod\n        def count(other):\n            return other.min_row\n",
            )
        ],
    },
    "a second specification besides its own": {
        "builder": [
            ("from specs.churn", "from specs.cleaning_spec import CLEANING_SPEC\n    from specs.churn"),
            ("spec=CHURN_TRAINING_SPEC", "spec=CHURN_TRAINING_SPEC or CLEANING_SPEC"),
        ]
    },
}

CLEANING = {
    "scripts/cleaning.py": "import pandas\n",
    "specs/cleaning_spec.py": "from contracts.cleaning_contract import CLEANING_CONTRACT\n"
    "CLEANING_SPEC = StepSpecification(step_type='Cleaning', script_contract=CLEANING_CONTRACT, dependencies=[], "
    "outputs=[])\n",
    "contracts/cleaning_contract.py": "CLEANING_CONTRACT = ScriptContract(entry_point='cleaning.py', "
    "expected_input_paths={}, expected_output_paths={})\n",
}

BINDINGS: dict[str, Parts] = {
    "another step's specification": {
        "builder": [
            (
                "specs.churn_training_spec import CHURN_TRAINING_SPEC",
                "specs.cleaning_spec import CLEANING_SPEC",
            ),
            ("spec=CHURN_TRAINING_SPEC)", "spec=CLEANING_SPEC)  # TRN418"),
        ]
    },
    "another step's contract, by the specification": {
        "specification": [
            (
                "churn_training_contract import CHURN_TRAINING_CONTRACT",
                "cleaning_contract import CLEANING_CONTRACT",
            ),
            ("script_contract=CHURN_TRAINING_CONTRACT,", "script_contract=CLEANING_CONTRACT,  # TRN418"),
        ]
    },
    "another step's contract": {
        "builder": [
            (
                "from specs.churn",
                "from contracts.cleaning_contract import CLEANING_CONTRACT\n    from specs.churn",
            ),
            ("spec=CHURN_TRAINING_SPEC)", "spec=CHURN_TRAINING_SPEC, contract=CLEANING_CONTRACT)  # TRN418"),
        ]
    },
}

ESTIMATORS: dict[str, Parts] = {
    "by the contract's packages": {
        "builder": [
            TORCH,
            ("return XGBoost(", "return PyTorch(  # TRN420"),
            ("sagemaker.xgboost import XGBoost", "sagemaker.pytorch import PyTorch"),
        ]
    },
    "by the contract's word": {
        "builder": [
            SKLEARN,
            ("return XGBoost(", "return SKLearn(  # TRN420"),
            ("sagemaker.xgboost import XGBoost", "sagemaker.sklearn import SKLearn"),
        ],
        "contract": [
            ('framework_requirements={"xgboost": "==1.7.6", "pandas": ">=2"},', 'framework="xgboost",')
        ],
    },
    "another framework's image for one without an estimator": {
        "builder": [("return XGBoost(", "return XGBoost(  # TRN420")],
        "contract": [('"xgboost": "==1.7.6"', '"lightgbm": ">=4"')],
    },
}


GIVEN = "environment=self._get_environment_variables(),\n"
METHOD = "def _get_environment_variables(self):\n"
SETS = 'variables = {"LABEL_FIELD": self.config.label_field}'
ABSTRACT = "        @abstractmethod\n"
BASE_METHOD = "        def _get_environment_variables(self):\n            return {}\n\n" + ABSTRACT
ASKED = "\n        def get_environment_variables(self):\n            return {}\n"
LOOKS_UP = """
        def _get_environment_variables(self):
            variables = {}
            for name in self.spec.script_contract.required_env_vars:
                field = name.lower()
                if hasattr(self.config, field):
                    variables[name] = str(getattr(self.config, field))
            for name, default in self.spec.script_contract.optional_env_vars.items():
                variables[name] = str(getattr(self.config, name.lower(), default))
            return variables
"""
OWN_METHOD = (
    "        " + METHOD + "            " + SETS + "\n"
    '            variables["MIN_ROWS"] = str(self.config.min_rows)\n            return variables\n'
)

NEEDED = 'required_env_vars=["LABEL_FIELD"],'
TABLE = "environment_variables={},"

VARIABLES: dict[str, Parts] = {
    "the job is given none": {"builder": [("return XGBoost(", "return XGBoost(  # TRN419"), (GIVEN, "")]},
    "the job is given others": {
        "builder": [
            ("return XGBoost(", "return XGBoost(  # TRN419"),
            (GIVEN, 'environment={"MIN_ROWS": "5"},\n'),
        ]
    },
    "it is never set": {"builder": [(METHOD, METHOD.strip() + "  # TRN419\n"), (SETS, "variables = {}")]},
    "it is misspelt": {"builder": [(SETS, SETS.replace("FIELD", "FEILD") + "  # TRN419")]},
    "the contract wants one more": {
        "builder": [(METHOD, METHOD.strip() + "  # TRN419\n")],
        "contract": [('["LABEL_FIELD"]', '["LABEL_FIELD", "ID_FIELD"]')],
    },
    "neither the builder nor its base sets it": {
        "builder": [
            (METHOD, METHOD.strip() + "  # TRN419\n"),
            (SETS, "variables = super()._get_environment_variables()"),
        ],
        "base": [(ABSTRACT, BASE_METHOD)],
    },
    "neither the builder nor the configuration sets it": {
        "builder": [
            (METHOD, METHOD.strip() + "  # TRN419\n"),
            (SETS, "variables = dict(self.config.get_environment_variables())"),
        ],
        "configuration": [(FIELD, FIELD + ASKED)],
    },
    "it is looked up among fields that lack it": {
        "builder": [
            (OWN_METHOD, LOOKS_UP.replace("variables(self):", "variables(self):  # TRN419")),
            ('["label_field", ', "["),
        ],
        "configuration": [("label_field", "label_name")],
    },
    "it is set only with a field that there is not": {
        "builder": [
            (
                SETS,
                'variables = {}\n            if hasattr(self.config, "label_name"):  # TRN419\n'
                '                variables["LABEL_FIELD"] = self.config.label_name',
            ),
        ]
    },
    "a variable of the contract's table that the script needs": {
        "contract": [(NEEDED, TABLE.replace("{}", '{"LABEL_FIELD": "churn"}'))],
        "builder": [(METHOD, METHOD.strip() + "  # TRN419\n"), (SETS, "variables = {}")],
    },
    "a variable of the contract's table that the script has another default for": {
        "contract": [(NEEDED, TABLE.replace("{}", '{"LABEL_FIELD": "churn"}'))],
        "builder": [(METHOD, METHOD.strip() + "  # TRN419\n"), (SETS, "variables = {}")],
        "script": [('os.environ["LABEL_FIELD"]', 'os.environ.get("LABEL_FIELD", "label")')],
    },
    "a switch that nothing turns": {
        "builder": [(OWN_METHOD, LOOKS_UP)],
        "contract": [('"MIN_ROWS": "100"},', '"MIN_ROWS": "100", "SKIP_CHECKS": "false"},  # TRN419')],
        "script": [("label = table.pop", 'print(os.environ.get("SKIP_CHECKS"))\n        label = table.pop')],
    },
}

REACHED: dict[str, Parts] = {
    "a variable of the contract's table with the script's default": {
        "contract": [(NEEDED, TABLE.replace("{}", '{"LABEL_FIELD": "churn"}'))],
        "builder": [(SETS, "variables = {}")],
        "script": [('os.environ["LABEL_FIELD"]', 'os.environ.get("LABEL_FIELD", "churn")')],
    },
    "a variable of the contract's table that the script never reads": {
        "contract": [(NEEDED, TABLE.replace("{}", '{"OTHER_FIELD": "churn", "LABEL_FIELD": "x"}'))],
    },
    "set by the base class": {
        "builder": [(SETS, "variables = super()._get_environment_variables()")],
        "base": [(ABSTRACT, BASE_METHOD.replace("{}", '{"LABEL_FIELD": "x"}'))],
    },
    "set by the configuration": {
        "builder": [
            (SETS, "variables = {}"),
            (
                "return variables",
                "variables.update(self.config.get_environment_variables())\n            return variables",
            ),
        ],
        "configuration": [(FIELD, FIELD + ASKED.replace("{}", '{"LABEL_FIELD": self.label_field}'))],
    },
    "looked up": {"builder": [(OWN_METHOD, LOOKS_UP)]},
    "put together elsewhere": {
        "builder": [("return variables", "return with_region(variables)"), (SETS, "variables = {}")]
    },
    "added by a helper": {"builder": [(SETS, "variables = {}\n            fill(variables)")]},
    "by a name that is not told": {
        "builder": [(SETS, "variables = {}\n            variables[self.config.label_field] = 1")]
    },
    "a base class that is not at hand": {
        "builder": [
            ("from builders.base", "from platform_library"),
            (SETS, "variables = super()._get_environment_variables()"),
        ]
    },
    "arguments that are not told": {"builder": [(GIVEN, "**self.spec.more,\n")]},
    "a variable of SageMaker's": {"contract": [('["LABEL_FIELD"]', '["LABEL_FIELD", "SM_MODEL_DIR"]')]},
    "one of two ways": {
        "builder": [
            (
                SETS,
                "variables = {}\n            if self.config.min_rows:\n"
                '                variables["LABEL_FIELD"] = "x"',
            )
        ]
    },
}


METHODS: dict[str, Parts] = {
    "a method that the base class asks for": {
        "builder": [
            (
                "class ChurnTrainingStepBuilder(StepBuilder):",
                "class ChurnTrainingStepBuilder(StepBuilder):  # TRN401",
            ),
            ("def validate_configuration(", "def validate_configurations("),
        ]
    },
    "create_step": {
        "builder": [
            (
                "class ChurnTrainingStepBuilder(StepBuilder):",
                "class ChurnTrainingStepBuilder(StepBuilder):  # TRN401",
            ),
            ("def create_step(", "def create_steps("),
        ]
    },
    "a method that another one calls": {
        "builder": [
            ("def _create_estimator(", "def _make_estimator("),
            (
                "estimator=self._create_estimator(output_path),",
                "estimator=self._create_estimator(output_path),  # TRN401",
            ),
        ]
    },
}

ARGUMENTS: dict[str, Parts] = {
    "the instance type is left out": {
        "builder": [("return XGBoost(", "return XGBoost(  # TRN402"), (TYPE + "\n", "")]
    },
    "an argument that there is not": {
        "builder": [("volume_size=self.config.training_volume_size,", "volume=30,  # TRN403")]
    },
    "an instance type that there is not, in the configuration": {
        "configuration": [('"ml.m5.xlarge"', '"ml.m5.xlagre"  # TRN211')],
    },
    "a version that there is not, in the configuration": {
        "configuration": [('"1.7-1"', '"1.77-1"  # TRN405')],
    },
    "an output path given for nothing": {
        "builder": [("return XGBoost(", "return XGBoost(  # TRN423"), ("output_path=output_path,\n", "")]
    },
    "an entry point that there is not": {"builder": [(ENTRY, 'entry_point="churn_trainig.py",  # TRN406')]},
    "an entry point that there is not, in the configuration": {
        "configuration": [('"churn_training.py"', '"churn_trainig.py"  # TRN406')],
    },
    "another entry point than the contract's": {"builder": [(ENTRY, 'entry_point="cleaning.py",  # TRN406')]},
    "no role": {
        "builder": [("return XGBoost(", "return XGBoost(  # TRN416"), ("role=self.config.role,\n", "")]
    },
    "a channel of another name": {
        "builder": [
            ('inputs={"training"', 'inputs={"train"'),
            ("TrainingInput(training_data)},", "TrainingInput(training_data)},  # TRN408"),
        ]
    },
    "an input of no mode": {
        "builder": [
            ("TrainingInput(training_data)},", 'TrainingInput(training_data, input_mode="Fil")},  # TRN412')
        ]
    },
    "a hyperparameter that the script does not read": {
        "builder": [
            ('hyperparameters={"max_depth": 6},', 'hyperparameters={"max_leaves": 6},  # TRN410, TRN426')
        ]
    },
}


def found_in(folder: Path, parts: Parts) -> list[Finding]:
    """Write the step with what is changed in its parts, and another step; return the findings of level 4."""
    write(folder, Example({**CLEANING, **built(**parts)}).files)
    return check(root=folder, select=["TRN4", "TRN2"])


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are told as seen from the repository."""
    monkeypatch.chdir(tmp_path)


CHANGES = {**FIELDS, **BINDINGS, **ESTIMATORS, **VARIABLES, **METHODS, **ARGUMENTS}
QUIET = {**SILENT, **REACHED}


@pytest.mark.parametrize("name", CHANGES)
def test_one_change(name: str, tmp_path: Path) -> None:
    files = built(**CHANGES[name])
    assert_findings(found_in(tmp_path, CHANGES[name]), files)


@pytest.mark.parametrize("name", QUIET)
def test_nothing_is_said(name: str, tmp_path: Path) -> None:
    assert_findings(found_in(tmp_path, QUIET[name]), {**CLEANING, **built(**QUIET[name])})


def test_an_aligned_step_has_no_findings(tmp_path: Path) -> None:
    write(tmp_path, Example(built()).files)
    assert check(root=tmp_path, ignore=["TRN301"]) == []


def test_a_field_that_objects_may_be_given_is_a_warning(tmp_path: Path) -> None:
    (finding,) = found_in(tmp_path, FIELDS["where the class takes more fields"])
    assert (finding.code, finding.severity) == ("TRN417", Severity.WARNING)
    assert finding.message.endswith("instance_type of ChurnTrainingConfig")
    assert [(other.path, other.line) for other in finding.related] == [
        ("configs/churn_training_config.py", 10)
    ]


@pytest.mark.parametrize(
    ("name", "severity"),
    [("by the contract's packages", Severity.WARNING), ("by the contract's word", Severity.ERROR)],
)
def test_how_certain_a_strange_estimator_is(name: str, severity: Severity, tmp_path: Path) -> None:
    (finding,) = found_in(tmp_path, ESTIMATORS[name])
    assert (finding.code, finding.severity) == ("TRN420", severity)


def test_the_nearest_field_is_named(tmp_path: Path) -> None:
    (finding,) = found_in(tmp_path, FIELDS["a field misspelt"])
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith(
        "training_volum_size of ChurnTrainingConfig, did you mean training_volume_size?"
    )


IN_A_PACKAGE = (
    ("from builders.", "from ."),
    ("from configs.", "from ..configs."),
    ("from specs.", "from ..specs."),
    ("from contracts.", "from ..contracts."),
)


@pytest.mark.parametrize(
    "name",
    [
        "a field that there is not",
        "another step's specification",
        "a method that the base class asks for",
        "a method that another one calls",
        "an instance type that there is not, in the configuration",
        "neither the builder nor its base sets it",
        "neither the builder nor the configuration sets it",
    ],
)
def test_a_package_with_relative_imports(name: str, tmp_path: Path) -> None:
    parts = CHANGES[name]
    made = {f"src/app/steps/{path}": _relative(text) for path, text in {**CLEANING, **built(**parts)}.items()}
    packages = {
        f"src/app/{folder}__init__.py": "" for folder in ("", "steps/", *(f"steps/{f}/" for f in FOLDERS))
    }
    files = Example({**packages, **made}).files
    write(tmp_path, files)
    assert_findings(check(root=tmp_path, select=["TRN4", "TRN2"]), made)


FOLDERS = ("builders", "configs", "contracts", "scripts", "specs")


def _relative(text: str) -> str:
    for absolute, relative in IN_A_PACKAGE:
        text = text.replace(absolute, relative)
    return text


def test_the_binding_is_told_of_the_builder_alone(tmp_path: Path) -> None:
    parts = BINDINGS["another step's specification"]
    write(tmp_path, Example({**CLEANING, **built(**parts)}).files)
    found = check([BUILDER_PATH], root=tmp_path, select=["TRN4"])
    assert_findings(found, built(**parts))
