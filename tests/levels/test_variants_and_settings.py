"""Where only one of several places disagrees: a job type's specification, a class that sets a variable, an option."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from training_alignment.rules.example_step import Changes, changed, processing

from flake8_training.rules.rule import Example
from tests.alignment import check
from tests.harness import write
from tests.margin import assert_places

CONFIGURATION = """
    from pydantic import BaseModel


    class CleaningConfig(BaseModel):
        label_field: str
        min_rows: int = 100

        def get_environment_variables(self):
            variables = {"LABEL_FIELD": self.label_field}
            variables["MIN_ROWS"] = str(self.min_rows)
            return variables
"""

ARGUMENTS = """
        def get_job_arguments(self):
            \"\"\"Return the arguments, --mode among them.\"\"\"
            arguments = ["--job-type", self.job_type]
            if "--verbose" not in arguments:
                arguments.append("--job_type")
            arguments.extend(["--rows", str(self.min_rows)])
            return arguments
"""

SPECIFICATION = """
    from core import DependencySpec, OutputSpec, StepSpecification
    from contracts.cleaning_contract import CLEANING_CONTRACT

    CLEANING_{job}_SPEC = StepSpecification(
        step_type="Cleaning_{job}",
        script_contract=CLEANING_CONTRACT,
        dependencies=[
            DependencySpec(logical_name="raw_data", dependency_type="processing_output"),
        ],
        outputs=[
            OutputSpec(
                logical_name="clean_data",
                output_type="processing_output",
                property_path="properties.ProcessingOutputConfig.Outputs['clean_data'].S3Output.S3Uri",
            ),
        ],
    )
"""

STEP_FILE = """
    step_type: Cleaning
    registry: {sagemaker_step_type: Processing}
    patterns:
      direct_input_keys: [raw_data]
    contract:
      entry_point: cleaning.py
      inputs: {raw_data: {path: /opt/ml/processing/input/data}}
      outputs: {clean_data: {path: /opt/ml/processing/output}}
      job_arguments:
        - {flag: --job-type, source: job_type}
      env_vars: {required: [LABEL_FIELD], optional: {MIN_ROWS: '100'}}
    spec:
      dependencies: {raw_data: {type: processing_output}}
      outputs:
        clean_data:
          type: processing_output
          property_path: properties.ProcessingOutputConfig.Outputs['clean_data'].S3Output.S3Uri
"""

OPTION = 'parser.add_argument("--job-type", required=True)'


def configured(changes: Changes = (), contract: Changes = (), script: Changes = ()) -> dict[str, str]:
    """The processing step with its configuration class."""
    return {
        **processing(contract, script),
        "configs/config_cleaning_step.py": changed(CONFIGURATION, changes),
    }


def by_job_type(training: Changes = (), testing: Changes = (), contract: Changes = ()) -> dict[str, str]:
    """The processing step with a specification for each of two job types."""
    return {
        **processing(contract),
        "specs/cleaning_training_spec.py": changed(SPECIFICATION.format(job="Training"), training),
        "specs/cleaning_testing_spec.py": changed(SPECIFICATION.format(job="Testing"), testing),
    }


def step_file(changes: Changes = (), script: Changes = ()) -> dict[str, str]:
    """The processing step with a step file in place of its contract."""
    return {
        "scripts/cleaning.py": processing((), script)["scripts/cleaning.py"],
        "interfaces/cleaning.step.yaml": changed(STEP_FILE, changes),
    }


WARNINGS: dict[str, dict[str, str]] = {
    "a variable that the configuration sets for nobody": configured(
        [("return variables", 'variables["MODE"] = "x"  # TRN154\n            return variables')]
    ),
    "a variable in a dict that the configuration passes": configured(
        [("return variables", 'variables.update({"MODE": "x"})  # TRN154\n            return variables')]
    ),
    "an option that has a default": processing(
        script=[(OPTION, OPTION + '\n        parser.add_argument("--region", default="NA")  # TRN157')]
    ),
    "an option of a step file's script": step_file(
        [("      job_arguments:\n        - {flag: --job-type, source: job_type}\n", "      arguments: {}\n")],
        [(OPTION, 'parser.add_argument("--job-type", default="training")  # TRN157')],
    ),
    "an input that one job type lacks": by_job_type(
        training=[("DependencySpec(logical_name", "# DependencySpec(logical_name")],
        contract=[
            (
                '"raw_data": "/opt/ml/processing/input/data",',
                '"raw_data": "/opt/ml/processing/input/data",  # TRN201',
            )
        ],
    ),
    "an output that one job type lacks": by_job_type(
        testing=[("outputs=[", "outputs=[],\n        once=[")],
        contract=[
            (
                '"clean_data": "/opt/ml/processing/output",',
                '"clean_data": "/opt/ml/processing/output",  # TRN204',
            )
        ],
    ),
}


@pytest.mark.parametrize("files", WARNINGS.values(), ids=WARNINGS)
def test_one_warning(files: Mapping[str, str], tmp_path: Path) -> None:
    example = Example(files)
    write(tmp_path, example.files)
    run = check("--ignore", "TRN004", folder=tmp_path)
    assert_places(run.places, example.expected, example.files, run.messages)
    assert [finding["severity"] for finding in run.findings] == ["warning"]
    assert run.exit_code == 0


SILENT: dict[str, dict[str, str]] = {
    "aligned": configured(),
    "aligned job types": by_job_type(),
    "aligned step file": step_file(),
    "a variable that libraries read": configured(
        [("return variables", 'variables["OMP_NUM_THREADS"] = "4"\n            return variables')]
    ),
    "a variable of a base class, which other steps have too": configured(
        [
            ("class CleaningConfig(BaseModel)", "class CleaningConfig(Common)"),
            (
                "class CleaningConfig",
                "class Common(BaseModel):\n        def get_environment_variables(self):\n"
                '            return {"MODE": "x"}\n\n\n    class CleaningConfig',
            ),
        ]
    ),
    "a script that may read any variable": configured(
        [("return variables", 'variables["MODE"] = "x"\n            return variables')],
        script=[("        main(\n", "        print(dict(os.environ))\n        main(\n")],
    ),
    "a script that hands over to another program": configured(
        [("return variables", 'variables["MODE"] = "x"\n            return variables')],
        script=[("        main(\n", '        os.execv("/opt/run.sh", ["run.sh"])\n        main(\n')],
    ),
    "a script that starts another one": configured(
        [("return variables", 'variables["MODE"] = "x"\n            return variables')],
        script=[
            ("    import os\n", "    import os\n    import subprocess\n"),
            ("        main(\n", '        subprocess.run(["python", "other.py"])\n        main(\n'),
        ],
    ),
    "a variable that a section of its own declares": step_file(
        [("    spec:\n", "      computed_env_paths: {MODE: [some, folder]}\n    spec:\n")],
        [('os.environ["LABEL_FIELD"],', 'os.environ["LABEL_FIELD"] + os.environ["MODE"],')],
    ),
    "an older name that the declared one stands in for": processing(
        script=[
            (
                'input_paths["raw_data"], "raw.csv"',
                'input_paths.get("data", input_paths.get("raw_data")), "raw.csv"',
            )
        ]
    ),
    "a flag is for people": processing(
        script=[(OPTION, OPTION + '\n        parser.add_argument("--verbose", action="store_true")')]
    ),
    "an option whose default comes from the container": processing(
        script=[(OPTION, OPTION + '\n        parser.add_argument("--user", default=os.environ.get("USER"))')]
    ),
    "a contract that does not state its arguments": processing(
        contract=[('        expected_arguments={\n            "job-type": "training",\n        },\n', "")],
        script=[(OPTION, 'parser.add_argument("--job-type", default="training")')],
    ),
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_silent(files: Mapping[str, str], tmp_path: Path) -> None:
    write(tmp_path, Example(files).files)
    assert check("--ignore", "TRN004", folder=tmp_path).findings == []


@pytest.mark.parametrize("where", ["configs/config_cleaning_step.py", "builders/builder_cleaning_step.py"])
def test_arguments_that_classes_pass_and_the_script_does_not_take(where: str, tmp_path: Path) -> None:
    files = configured(script=[(OPTION, OPTION + '\n        parser.add_argument("--region", required=True)')])
    builder = """
    from configs.config_cleaning_step import CleaningConfig


    class CleaningStepBuilder:
        def __init__(self, config: CleaningConfig):
            self.config = config

        def create_step(self):
            return self.get_job_arguments()
"""
    files = {**files, "builders/builder_cleaning_step.py": builder}
    files[where] += ARGUMENTS
    write(tmp_path, Example(files).files)
    run = check("--select=TRN156", folder=tmp_path)
    lines = (tmp_path / where).read_text().splitlines()
    told = {(f["path"], lines[f["line"] - 1].strip(), f["message"].rpartition(": ")[2]) for f in run.findings}
    assert told == {
        (where, 'arguments.append("--job_type")', "--job_type, did you mean --job-type?"),
        (where, 'arguments.extend(["--rows", str(self.min_rows)])', "--rows"),
    }


@pytest.mark.parametrize("inherited", [False, True])
def test_a_variable_that_a_class_sets(inherited: bool, tmp_path: Path) -> None:
    files = configured(
        [("return variables", 'variables["MODE"] = "x"\n            return variables')],
        script=[('os.environ["LABEL_FIELD"],', 'os.environ["LABEL_FIELD"] + os.environ["MODE"],')],
    )
    path = "configs/config_cleaning_step.py"
    if inherited:
        files[path] = files[path].replace("CleaningConfig", "Common") + (
            "\n\n    class CleaningConfig(Common):\n        rows: int = 1\n"
        )
    write(tmp_path, Example(files).files)
    (warning,) = check("--select=TRN155", folder=tmp_path).findings
    assert (warning["path"], warning["severity"]) == ("scripts/cleaning.py", "warning")
    assert warning["message"].endswith("MODE, though a class of the step sets it")
    files[path] = files[path].replace('variables["MODE"]', 'variables["OTHER"]')
    write(tmp_path, Example(files).files)
    (error,) = check("--select=TRN155", folder=tmp_path).findings
    assert (error["line"], error["severity"]) == (warning["line"], "error")


def test_a_required_option_that_a_class_passes(tmp_path: Path) -> None:
    files = configured(contract=[('            "job-type": "training",\n', "")])
    write(tmp_path, Example(files).files)
    (error,) = check("--select=TRN157", folder=tmp_path).findings
    assert error["severity"] == "error"
    files["configs/config_cleaning_step.py"] += ARGUMENTS
    write(tmp_path, Example(files).files)
    (warning,) = check("--select=TRN157", folder=tmp_path).findings
    assert warning["severity"] == "warning"
    assert (warning["path"], warning["line"]) == (error["path"], error["line"])
    assert warning["message"].endswith("--job-type, though a class of the step passes it")


def test_a_script_that_installs_packages_reads_no_more_for_it(tmp_path: Path) -> None:
    install = '        subprocess.check_call([sys.executable, "-m", "pip", "install", "x"])\n        main(\n'
    files = configured(
        [("return variables", 'variables["MODE"] = "x"\n            return variables')],
        script=[
            ("    import os\n", "    import os\n    import subprocess\n    import sys\n"),
            ("        main(\n", install),
        ],
    )
    write(tmp_path, Example(files).files)
    (finding,) = check(folder=tmp_path).findings
    assert (finding["code"], finding["path"]) == ("TRN154", "configs/config_cleaning_step.py")


def test_a_name_that_is_asked_for_instead_of_the_declared_one(tmp_path: Path) -> None:
    change = (
        'input_paths["raw_data"], "raw.csv"',
        'input_paths.get("data", "/opt/ml/processing/input/data"), "r"',
    )
    supplied = 'input_paths={"raw_data"', 'input_paths={"data"'
    write(tmp_path, Example(processing(script=[change, supplied])).files)
    (finding,) = check(folder=tmp_path).findings
    assert (finding["code"], finding["line"]) == ("TRN150", 8)
    assert finding["message"].endswith("data, the contract has that path as raw_data")


def test_the_name_that_the_script_reads_is_told(tmp_path: Path) -> None:
    files = configured([('"MIN_ROWS"', '"MIN_ROW"')], [('optional_env_vars={"MIN_ROWS": "100"},', "")])
    write(tmp_path, Example(files).files)
    (finding,) = check("--select", "TRN154", folder=tmp_path).findings
    assert finding["path"] == "configs/config_cleaning_step.py"
    assert finding["message"].endswith("and not in the contract, the script reads MIN_ROWS")


def test_the_specification_that_lacks_an_input_is_told(tmp_path: Path) -> None:
    files = by_job_type(training=[('"raw_data"', '"raw_dat"')])
    write(tmp_path, Example(files).files)
    (finding,) = check("--select", "TRN201", folder=tmp_path).findings
    assert finding["message"].endswith("raw_data, not in CLEANING_Training_SPEC, did you mean raw_dat?")
    assert [other["path"] for other in finding["related"]] == ["specs/cleaning_training_spec.py"]


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ("[raw_dat]", "raw_dat, listed in direct_input_keys, did you mean raw_data?"),
        ("[metadata]", "metadata, listed in direct_input_keys, the step has raw_data"),
        ("[raw_data, metadata]", "metadata, listed in direct_input_keys"),
    ],
)
def test_a_direct_input_that_is_none(listed: str, told: str, tmp_path: Path) -> None:
    write(tmp_path, Example(step_file([("[raw_data]", listed)])).files)
    (finding,) = check(folder=tmp_path).findings
    assert (finding["code"], finding["line"]) == ("TRN202", 4)
    assert finding["message"].endswith(told)
