"""Changed files, widened to their steps and to those that depend on them: as if everything had been read."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.repository.repository import Repository
from training_alignment.scan.required_files import Surroundings
from training_alignment.steps.affected import Selection, dependents_of, select, steps_with
from training_alignment.steps.discovery import Discovery
from training_alignment.steps.step import StepReading, head_of

from flake8_training.configuration import read_configuration
from tests.steps.repositories import SCRIPT, discover, layered, write

STEPS = {
    **layered("Loading", "loading", source="Nothing"),
    **layered("XGBoostTraining", "xgboost_training"),
    **layered("PyTorchTraining", "pytorch_training"),
    **layered("ModelEval", "model_eval", source="XgboostTraining"),
    "steps/scripts/shared.py": "VALUE = 1\n",
    "steps/core/base.py": "class Base:\n    def region(self):\n        return 1\n",
    "README.md": "",
    "lib/other.py": "x = 1\n",
}


def repository(folder: Path) -> dict[str, str]:
    files = dict(STEPS)
    files["steps/scripts/xgboost_training.py"] = SCRIPT.replace("import os", "import os\n    import shared")
    for name in ("loading", "model_eval"):
        path = f"steps/builders/builder_{name}_step.py"
        files[path] = files[path].replace(
            "from sagemaker.xgboost", "from steps.core.base import Base\n    from sagemaker.xgboost"
        )
        files[path] = files[path].replace("StepBuilder:", "StepBuilder(Base):")
    write(folder, files)
    return files


def names(selection: Selection) -> tuple[list[str], list[str]]:
    return [s.name for s in selection.steps], [s.name for s in selection.dependents]


def contents(reading: StepReading) -> tuple[object, ...]:
    """Everything that is read of a step."""
    tables = reading.contracts, reading.specifications, reading.flows, reading.requirements
    return reading.step, *tables, reading.builder, reading.configuration, reading.step_file


@pytest.mark.parametrize(
    ("changed", "steps", "dependents"),
    [
        (["steps/scripts/pytorch_training.py"], ["PyTorchTraining"], []),
        (["steps/contracts/pytorch_training_contract.py"], ["PyTorchTraining"], []),
        (["steps/specs/xgboost_training_spec.py"], ["XGBoostTraining"], ["ModelEval"]),
        (["steps/configs/config_xgboost_training_step.py"], ["XGBoostTraining"], ["ModelEval"]),
        (["steps/builders/builder_loading_step.py"], ["Loading"], ["PyTorchTraining", "XGBoostTraining"]),
        (
            ["steps/scripts/loading.py", "steps/scripts/model_eval.py"],
            ["Loading", "ModelEval"],
            ["PyTorchTraining", "XGBoostTraining"],
        ),
        (["steps/scripts/shared.py"], ["XGBoostTraining"], ["ModelEval"]),
        (["steps/core/base.py"], ["Loading", "ModelEval"], ["PyTorchTraining", "XGBoostTraining"]),
        (["README.md"], [], []),
        (["lib/other.py"], [], []),
        ([], [], []),
        (["../outside.py"], [], []),
    ],
)
def test_files_are_widened_to_steps(
    tmp_path: Path, changed: list[str], steps: list[str], dependents: list[str]
) -> None:
    repository(tmp_path)
    assert names(select(Surroundings(Repository.open(tmp_path), changed))) == (steps, dependents)


def test_every_file_gives_what_reading_everything_gives(tmp_path: Path) -> None:
    files = repository(tmp_path)
    whole = Discovery(Repository.open(tmp_path))
    for path in files:
        around = Surroundings(whole.repository, [path], whole.configuration, index=whole.index)
        steps = whole.steps if around.is_everything else steps_with(whole, around.reached)
        dependents = () if around.is_everything else dependents_of(whole, steps)
        selection = select(Surroundings(Repository.open(tmp_path), [path]))
        assert selection.steps == steps
        assert [s.name for s in selection.dependents] == [s.name for s in dependents]
        for step in steps:
            one, other = whole.read(step), selection.discovery.read(step)
            assert contents(one) == contents(other)
            assert one.heads == other.heads == tuple(map(head_of, one.specifications))


def test_no_more_is_read_than_needed(tmp_path: Path) -> None:
    for number in range(20):
        source = f"Churn{number - 1:02}Training"
        write(tmp_path, layered(f"Churn{number:02}Training", f"churn{number:02}_training", source=source))
    opened = Repository.open(tmp_path)
    selection = select(Surroundings(opened, ["steps/scripts/churn07_training.py"]))
    assert names(selection) == (["Churn07Training"], ["Churn08Training"])
    read = {path for path in opened.files if opened.was_read(path)}
    own = {path for path in opened.files if "churn07" in path} - {"steps/scripts/churn07_training.py"}
    assert read == own | {"steps/specs/churn06_training_spec.py", "steps/specs/churn08_training_spec.py"}
    assert all(step.partial for step in selection.dependents)
    assert not any(step.partial for step in selection.steps)


@pytest.mark.parametrize(
    "gone",
    [
        "steps/scripts/pytorch_training.py",
        "steps/contracts/pytorch_training_contract.py",
        "steps/specs/pytorch_training_spec.py",
        "steps/builders/builder_pytorch_training_step.py",
        "steps/configs/config_pytorch_training_step.py",
    ],
)
def test_a_deleted_or_renamed_file_leads_to_its_step(tmp_path: Path, gone: str) -> None:
    repository(tmp_path)
    (tmp_path / gone).rename(tmp_path / "steps" / "renamed.py")
    selection = select(Surroundings(Repository.open(tmp_path), [gone]))
    assert "PyTorchTraining" in [step.name for step in selection.steps]
    assert {step.name for step in selection.steps} <= {"PyTorchTraining", "renamed"}


def test_a_registry_concerns_every_step(tmp_path: Path) -> None:
    repository(tmp_path)
    registry = 'STEPS = {"Loading": {"sagemaker_step_type": "Processing"}}\n'
    write(tmp_path, {"steps/registry.py": registry})
    selection = select(Surroundings(Repository.open(tmp_path), ["steps/registry.py"]))
    assert selection.complete
    assert len(selection.steps) == 4


def test_the_configuration_concerns_every_step(tmp_path: Path) -> None:
    repository(tmp_path)
    assert len(select(Surroundings(Repository.open(tmp_path), ["pyproject.toml"])).steps) == 4


def test_a_step_file_leads_to_itself_and_its_configuration(tmp_path: Path) -> None:
    specification = "spec: {{dependencies: {{d: {{compatible_sources: [{2}]}}}}}}\n"
    text = "step_type: {0}\ncontract: {{entry_point: {1}.py}}\n" + specification
    files = {
        "interfaces/churn.step.yaml": text.format("Churn", "churn", "Loading"),
        "interfaces/fraud.step.yaml": text.format("Fraud", "fraud", "Churn_Training"),
        "scripts/churn.py": SCRIPT,
        "scripts/fraud.py": SCRIPT,
        "configs/config_churn_step.py": "class ChurnConfig:\n    a: int\n",
    }
    write(tmp_path, files)
    for path in ("interfaces/churn.step.yaml", "scripts/churn.py", "configs/config_churn_step.py"):
        assert names(select(Surroundings(Repository.open(tmp_path), [path]))) == (["Churn"], ["Fraud"])
    assert names(select(Surroundings(Repository.open(tmp_path), ["scripts/fraud.py"]))) == (["Fraud"], [])


def test_flows_of_tables_say_who_depends_on_whom(tmp_path: Path) -> None:
    def step(name: str, upstream: str) -> str:
        return (
            f"{name.upper()}_SPEC = {{'step_name': '{name}', 'estimator_config': {{}}}}\n"
            f"dependencies = {{'upstream_steps': ['{upstream}']}}\n"
        )

    files = {
        "a/spec.py": step("prepare", "none"),
        "b/spec.py": step("churn", "prepare"),
        "c/spec.py": step("eval", "churn"),
    }
    discovery = discover(tmp_path, files)
    assert [s.name for s in discovery.steps] == ["churn", "eval", "prepare"]
    assert names(select(Surroundings(Repository.open(tmp_path), ["b/spec.py"]))) == (["churn"], ["eval"])


def test_listed_steps_are_selected_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": """
                [tool.flake8-training.steps.churn]
                script = "any/where.py"
                contract = "some/thing.py"
            """,
            "any/where.py": SCRIPT,
            "some/thing.py": "C = {'inputs': {}}\nCONTRACT = {'inputs': {}, 'outputs': {}}\n",
        },
    )
    configuration = read_configuration(tmp_path)
    selection = select(Surroundings(Repository.open(tmp_path), ["any/where.py"], configuration))
    assert [step.name for step in selection.steps] == ["churn"]


def test_a_file_of_no_step_is_known_without_a_look_into_every_file(tmp_path: Path) -> None:
    files = {
        **repository(tmp_path),
        "lib/user.py": "from lib import other\n",
        "lib/far.py": "from steps.core.base import Base\n\n\nclass Far(Base):\n    pass\n",
        "lib/spec.yaml": "dependencies: []\nexpected_input_paths: {}\n",
        "lib/beside.py": "",
        "tables/any.json": '{"training_pipeline_flow": {"upstream_steps": ["Wanted"]}}\n',
        "names/wanted.py": "class Wanted:\n    pass\n",
        "names/loading_of_files.py": "",
        "names/XGBoostTrainingNight.py": "",
        "jobs/flow.yaml": "required_config: {}\nentry_point: jobs/run_it.py\n",
        "names/run_it.py": "",
    }
    write(tmp_path, files)
    nothing = set()
    for path in [*files, "names/gone.py", "steps/scripts/gone_training.py"]:
        around = Surroundings(Repository.open(tmp_path), [path])
        glances = around.index.glances
        registries = {one for one, seen in glances.items() if seen.registry}
        expected = not (around.artefacts - registries or around.files & glances.keys())
        assert Surroundings(Repository.open(tmp_path), [path]).is_nothing is expected, path
        if expected:
            nothing.add(path)
    assert nothing >= {"README.md", "names/gone.py"}
    assert not nothing & {
        "lib/beside.py",
        "names/wanted.py",
        "names/run_it.py",
        "names/XGBoostTrainingNight.py",
    }


def test_a_file_of_no_step_is_all_that_is_looked_into(tmp_path: Path) -> None:
    repository(tmp_path)
    around = Surroundings(Repository.open(tmp_path), ["lib/other.py"])
    assert around.is_nothing
    assert "glances" not in vars(around.index)
