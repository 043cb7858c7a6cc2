"""TRN301: an upstream step does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.fix import renamed_at
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import did_you_mean, only_closest
from training_alignment.comparisons.property_paths import unknown_sources
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_pipeline import OPTIONS, flow, pipeline
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import Need, Node
from training_alignment.steps.name_lookup import Meaning, Reference

_MARKED = ('S3Output.S3Uri",', 'S3Output.S3Uri",  # TRN301')


class UpstreamStepDoesNotExist(StepRule):
    """Reports a source of an input that is no step of the repository."""

    code = "TRN301"
    severity = Severity.ERROR
    summary = "an upstream step does not exist"
    why = """
        A specification names the steps that an input may come from. A table of dependencies names the steps that run
        before. A name that no step has connects nothing: `PytorchTraining` is not `PyTorchTraining`. The input remains
        empty, or the pipeline takes it from another step that looks similar.
    """
    fix = """
        Use the exact name of the step. `training-alignment steps` lists the names.
    """
    fixable = "uses the only step with a near name"
    warning_when = ("the name stands beside the right one, names a kind of step, or lacks only the job type",)
    reported_when = (
        "`compatible_sources` or `upstream_steps` has a name that no step of the repository has",
        "`data_source` of a `training_pipeline_flow` is a property of a step that the repository does not have",
        "the name is a misspelling of another name in the same list (a warning)",
        "the name is a word for a kind of step, such as `ProcessingStep` or `DataLoad` (a warning)",
        "the step exists, but no specification has the job type (a warning)",
    )
    not_reported_when = (
        Condition(
            "the repository defines no other step in the same form, and no registry names the steps",
            suppressed={
                'CLEANING_SPEC = StepSpecification(\n    step_type="Cleaning",\n': "CLEANING = dict(\n"
            },
            reported={"CLEANING_SPEC = ": "OTHER_CLEANING_SPEC = "},
        ),
        Condition(
            "`data_source` begins with a word for the step before, such as `upstream_step.properties`",
            suppressed=Example(flow(), options=OPTIONS),
            reported=Example(
                flow([("upstream_step.properties", "upstream_labelling.properties"), _MARKED]),
                options=OPTIONS,
            ),
        ),
        Condition(
            "a registry names the step, even if it has no files",
            suppressed={
                "+ registry/step_names.py": (
                    "STEP_NAMES = {\n"
                    '    "Cleaning": {"spec_type": "Cleaning", "builder_step_name": "C", '
                    '"sagemaker_step_type": "Processing"},\n'
                    '    "Cleanning": {"spec_type": "Cleanning", "builder_step_name": "D", '
                    '"sagemaker_step_type": "Processing"},\n'
                    '    "ChurnTraining": {"spec_type": "ChurnTraining", "builder_step_name": "T", '
                    '"sagemaker_step_type": "Training"},\n'
                    "}\n"
                )
            },
            reported={
                "+ registry/step_names.py": (
                    "STEP_NAMES = {\n"
                    '    "Cleaning": {"spec_type": "Cleaning", "builder_step_name": "Cleanning", '
                    '"sagemaker_step_type": "Processing"},\n'
                    '    "ChurnTraining": {"spec_type": "ChurnTraining", "builder_step_name": "T", '
                    '"sagemaker_step_type": "Training"},\n'
                    "}\n"
                )
            },
        ),
        Condition(
            "a dict or a flow table writes the name in another case, order of words or with other separators",
            suppressed=Example(
                {
                    "specs/churn_training_flow.py": (
                        "dependencies = {\n"
                        '    "upstream_steps": ["Data_Preprocessing"],\n'
                        '    "input_artifacts": ["training_data"],\n'
                        "}\n"
                    ),
                    "specs/churn_training_spec.py": (
                        "CHURN_TRAINING_SPEC = {\n"
                        '    "step_name": "churn-training",\n'
                        '    "inputs": {"training_data": "TrainingInput"},\n'
                        '    "outputs": {"model": "model_artifacts"},\n'
                        "}\n"
                    ),
                    "specs/data_preprocessing_spec.py": (
                        "DATA_PREPROCESSING_SPEC = {\n"
                        '    "step_name": "data-preprocessing",\n'
                        '    "inputs": {"raw": "ProcessingInput"},\n'
                        '    "outputs": {"training_data": "ProcessingOutput"},\n'
                        "}\n"
                    ),
                },
                options=("--select=TRN301",),
            ),
            reported={
                'Data_Preprocessing"],': 'Data_Processing"],  # TRN301',
            },
        ),
        Condition(
            "the contract lists the input in `skip_inputs`",
            suppressed={
                "+ contracts/churn_training_contract.py": (
                    "from pipeline.contract import ScriptContract\n"
                    "\n"
                    "CHURN_TRAINING_CONTRACT = ScriptContract(\n"
                    '    entry_point="churn.py",\n'
                    '    expected_input_paths={"training_data": "/opt/ml/input/data/training"},\n'
                    '    expected_output_paths={"model_output": "/opt/ml/model"},\n'
                    '    skip_inputs=["training_data"],\n'
                    ")\n"
                )
            },
            reported={
                "+ contracts/churn_training_contract.py": (
                    "from pipeline.contract import ScriptContract\n"
                    "\n"
                    "CHURN_TRAINING_CONTRACT = ScriptContract(\n"
                    '    entry_point="churn.py",\n'
                    '    expected_input_paths={"training_data": "/opt/ml/input/data/training"},\n'
                    '    expected_output_paths={"model_output": "/opt/ml/model"},\n'
                    '    skip_outputs=["training_data"],\n'
                    ")\n"
                )
            },
        ),
    )
    bad = Example(pipeline(specification=[('["Cleaning"],', '["Cleanning"],  # TRN301')]), options=OPTIONS)
    good = Example(pipeline(), options=OPTIONS)

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding at each name that no step has; one for all words for kinds in a line."""
        for named in unknown_sources(subject):
            hint = did_you_mean(named.near)
            yield self.at(subject, named.text, f"{named.text.value}{hint}")
        for node in subject.nodes:
            for need in subject.repository.graph.needs(node):
                words: dict[int, list[Reference[Node]]] = {}
                for source in need.sources:
                    if source.meaning is Meaning.CATEGORY:
                        words.setdefault(source.text.line, []).append(source)
                    else:
                        yield from self._of(subject, need, source)
                for found in words.values():
                    names = ", ".join(source.text.value for source in found)
                    detail = f"{names} {'is' if len(found) == 1 else 'are'} no name of a step here"
                    yield replace(self.at(subject, found[0].text, detail), severity=Severity.WARNING)

    def _of(self, subject: StepUnderCheck, need: Need, source: Reference[Node]) -> Iterator[Finding]:
        name = source.text.value
        if source.meaning is Meaning.MISSING:
            hint = did_you_mean(source.near)
            names = [node.name for node in subject.repository.graph.nodes]
            at, fix = source.text, None
            if source.near and only_closest(name, [source.near, *names]) == source.near:
                fix = renamed_at(at.line, at.column, name, source.near)
            found = self.at(subject, at, f"{name}{hint}", fix=fix)
            beside = any(other.text.value == source.near for other in need.sources)
            yield replace(found, severity=Severity.WARNING) if beside else found
        elif source.meaning is Meaning.NO_JOB_TYPE:
            detail = f"{name}, {source.near} has no specification for this job type"
            yield replace(self.at(subject, source.text, detail), severity=Severity.WARNING)
