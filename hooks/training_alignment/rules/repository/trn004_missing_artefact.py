"""TRN004: a step lacks one of its artefacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.artefacts.model import StepKind
from training_alignment.artefacts.tree import Place
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import CONTRACT, SPECIFICATION
from training_alignment.rules.step_rule import StepRule
from training_alignment.scan.name_forms import role as said
from training_alignment.scan.name_forms import stem
from training_alignment.steps.step import Role

_ROLES = (Role.CONTRACT, Role.SPECIFICATION, Role.BUILDER)

_CHURN = {
    "contracts/churn_training_contract.py": CONTRACT,
    "specs/churn_training_spec.py": SPECIFICATION,
}
_PRICE = SPECIFICATION.replace("churn-training", "price-training")
_PRICE_ALONE = _PRICE.replace("SPEC = {", "SPEC = {  # TRN004")
_LISTED = """
    [tool.flake8-training.steps.%s-training]
    specification = "specs/%s_training_spec.py"
"""
_BUILDER = """
    from sagemaker.workflow.steps import TrainingStep


    class ChurnTrainingStepBuilder:
        step_name = "churn-training"

        def create_step(self, estimator):
            return TrainingStep(name="churn-training", estimator=estimator)
"""
_PRICE_CONTRACT = CONTRACT.replace("CHURN", "PRICE").replace("CONTRACT = {", "CONTRACT = {  # TRN004")
_STEP_FILE = """
    step_type: PriceTraining
    registry: {sagemaker_step_type: Training}
    contract:
      outputs:
        model_output:
          path: /opt/ml/model
    spec:
      outputs:
        model_output:
          type: model_artifacts
"""
_OTHER_KIND = """
    from pipeline.specification import OutputSpec, StepSpecification

    PRICE_SPEC = StepSpecification(%s
        step_type="Price",
        dependencies=[],
        outputs=[OutputSpec(logical_name="price", property_path="properties.%s")],
    )
"""
_CREATES_A_MODEL = _OTHER_KIND % ("", "ModelName")
_PROCESSES = _OTHER_KIND % (
    "  # TRN004",
    "ProcessingOutputConfig.Outputs['price'].S3Output.S3Uri",
)


def _beside_churn(files: Mapping[str, str]) -> Example:
    """Return a repository with a complete step, and the files of another."""
    churn = {**_CHURN, "builders/builder_churn_training_step.py": _BUILDER}
    return Example({**churn, **files}, options=("--select=TRN004",))


class ArtefactMissing(StepRule):
    """Reports a step that lacks a kind of artefact that other steps of the repository have."""

    code = "TRN004"
    severity = Severity.WARNING
    summary = "a step lacks one of its artefacts"
    why = """
        An artefact that is missing cannot be compared. A step without a contract is not checked against its script, a
        step without a specification is not checked against its pipeline. Often the file exists, but neither its name
        nor the constant in it shows which step it belongs to.
    """
    fix = """
        Add the artefact, or name it in `[tool.flake8-training.steps]` of `pyproject.toml`. The command
        `training-alignment steps` lists which files belong to which step.
    """
    reported_when = (
        "the step has no specification or no builder, and another step has one, or the checked change "
        "deletes one",
        "a training or processing step has no contract, and another step has one, or the checked change "
        "deletes one, or the step has all of specification, builder and script",
        "the contract of a training or processing step names no entry point, no script is named like the "
        "step, and another step has a script",
    )
    not_reported_when = (
        Condition(
            "no step of the repository has that kind of artefact, and this step lacks others too",
            suppressed=Example(
                {"specs/churn_training_spec.py": SPECIFICATION, "specs/price_training_spec.py": _PRICE}
            ),
            reported=Example({**_CHURN, "specs/price_training_spec.py": _PRICE_ALONE}),
        ),
        Condition(
            "`pyproject.toml` lists the files of the step",
            suppressed={"+ pyproject.toml": _LISTED % ("price", "price")},
            reported={"+ pyproject.toml": _LISTED % ("churn", "churn")},
        ),
        Condition(
            "the builder of a step file (`*.step.yaml`) is missing, because such a step needs none",
            suppressed=_beside_churn({"price_training.step.yaml": _STEP_FILE}),
            reported=_beside_churn(
                {
                    "contracts/price_training_contract.py": _PRICE_CONTRACT,
                    "specs/price_training_spec.py": _PRICE,
                }
            ),
        ),
        Condition(
            "the step is neither a training nor a processing step: it needs no contract and no script",
            suppressed=Example({**_CHURN, "specs/price_spec.py": _CREATES_A_MODEL}),
            reported=Example({**_CHURN, "specs/price_spec.py": _PROCESSES}),
        ),
    )
    bad = Example({**_CHURN, "specs/price_training_spec.py": _PRICE_ALONE})
    good = Example(_CHURN)

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each artefact that the step lacks, at an artefact that it has."""
        place = _place(subject)
        if place is None or subject.step.explicit:
            return
        present = subject.repository.discovery.roles
        usual = {role for role in _ROLES if role in present}
        if all(subject.step.has(role) for role in (Role.SPECIFICATION, Role.BUILDER, Role.SCRIPT)):
            usual.add(Role.CONTRACT)  # the step has everything else
        usual.update(role for path in subject.repository.gone for role in _ROLES if said(stem(path)) == role)
        if subject.reading.step_file is not None:
            usual.discard(Role.BUILDER)  # a step file needs none
        runs_a_script = subject.kind in (StepKind.TRAINING, StepKind.PROCESSING)
        for role in _ROLES:
            wanted = role in usual and (role is not Role.CONTRACT or runs_a_script)
            if wanted and not subject.step.has(role):
                yield self.at(subject, place, f"{subject.name} has no {role}")
        contract, search = subject.contract, subject.step.script
        if runs_a_script and contract is not None and search.path is None and search.entry_point is None:
            names_none = contract.entry_point is None and "entry_point" not in contract.raw
            if names_none and subject.repository.discovery.has_scripts:
                yield self.at(subject, place, f"{subject.name} has no script")


def _place(subject: StepUnderCheck) -> Place | None:
    """Return the place of the contract, else the specification, else the builder; None if the step has none of them."""
    reading = subject.reading
    for artefact in (reading.contract, reading.specification, reading.builder):
        if artefact is not None:
            return artefact.place
    return None
