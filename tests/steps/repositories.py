"""Repositories made up in folders, and what is found in them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from training_alignment.repository.repository import Repository
from training_alignment.steps.discovery import Discovery
from training_alignment.steps.step import Role, Step

from flake8_training.configuration import read_configuration

SCRIPT = """
    import os

    if __name__ == "__main__":
        print(os.environ["SM_MODEL_DIR"])
"""

CONTRACT = """
    from core import TrainingScriptContract

    {constant} = TrainingScriptContract(
        entry_point="{script}",
        expected_input_paths={{"data": "/opt/ml/input/data"}},
        expected_output_paths={{"model": "/opt/ml/model"}},
    )
"""

SPECIFICATION = """
    from core import DependencySpec, OutputSpec, StepSpecification

    def _contract():
        from {package}contracts.{module} import {contract}
        return {contract}

    {constant} = StepSpecification(
        step_type="{name}",
        script_contract=_contract(),
        dependencies=[DependencySpec(logical_name="data", compatible_sources=["{source}"])],
        outputs=[OutputSpec(logical_name="model", property_path="properties.ModelArtifacts.S3ModelArtifacts")],
    )
"""

BUILDER = """
    from sagemaker.xgboost import XGBoost
    from sagemaker.workflow.steps import TrainingStep
    from {package}configs.{config} import {name}Config
    from {package}specs.{module} import {constant}

    class {name}StepBuilder:
        def __init__(self, config: {name}Config):
            self.config = config
            self.spec = {constant}

        def _create_estimator(self):
            return XGBoost(entry_point=self.config.entry_point)

        def create_step(self):
            return TrainingStep(name="x", estimator=self._create_estimator())
"""

CONFIGURATION = """
    from pydantic import BaseModel

    class {name}Config(BaseModel):
        entry_point: str
"""


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, dedented; return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8", newline="\n")
    return folder


def discover(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Discovery:
    """The steps of a folder, after writing files into it."""
    write(folder, files or {})
    return Discovery(Repository.open(folder), read_configuration(folder))


def parts(step: Step) -> dict[str, str | list[str]]:
    """The files of a step by their part; several in a list."""
    found: dict[str, list[str]] = {}
    for part in step.parts:
        found.setdefault(part.role.value, []).append(part.path + (f":{part.name}" if part.name else ""))
    return {role: paths[0] if len(paths) == 1 else paths for role, paths in found.items()}


def only(discovery: Discovery) -> dict[str, str | list[str]]:
    """The files of the only step."""
    (step,) = discovery.steps
    return parts(step)


def reason(step: Step, role: Role) -> str:
    """Why a file plays a part."""
    found = step.part(role)
    assert found is not None
    return found.reason


def layered(name: str, stem: str, source: str = "Loading", root: str = "steps/") -> dict[str, str]:
    """The five files of a step, each in the folder for its part."""
    package = root.replace("/", ".")
    words = {"name": name, "package": package, "source": source, "constant": f"{stem.upper()}_SPEC"}
    contract = f"{stem.upper()}_CONTRACT"
    return {
        f"{root}scripts/{stem}.py": SCRIPT,
        f"{root}contracts/{stem}_contract.py": CONTRACT.format(constant=contract, script=f"{stem}.py"),
        f"{root}specs/{stem}_spec.py": SPECIFICATION.format(
            module=f"{stem}_contract", contract=contract, **words
        ),
        f"{root}builders/builder_{stem}_step.py": BUILDER.format(
            module=f"{stem}_spec", config=f"config_{stem}_step", **words
        ),
        f"{root}configs/config_{stem}_step.py": CONFIGURATION.format(**words),
    }
