"""Drafts of launchers for SDK v2 (``sagemaker.pytorch.PyTorch``) and SDK v3 (``ModelTrainer``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flake8_training.sagemaker.framework_versions import Image, images, processors
from flake8_training.sagemaker.paths import INPUT_DATA_DIR
from training_alignment.comparisons.launch.job_image import LibraryVersion, distribution_in
from training_alignment.comparisons.launch.launched_paths import is_model_directory
from training_alignment.comparisons.launch.library_versions import uses_lacked
from training_alignment.drafting.artefacts import UNKNOWN_PLACE
from training_alignment.drafting.needs import OPTIONAL, Needs, Setting
from training_alignment.drafting.written_tree import Line, python_lines, python_value, remark, with_comment
from training_alignment.launches.accepted_options import Match, acceptance

V2, V3 = "v2", "v3"
_CLASSES = {
    "xgboost": ("sagemaker.xgboost", "XGBoost"),
    "pytorch": ("sagemaker.pytorch", "PyTorch"),
    "tensorflow": ("sagemaker.tensorflow", "TensorFlow"),
    "sklearn": ("sagemaker.sklearn", "SKLearn"),
    "huggingface": ("sagemaker.huggingface", "HuggingFace"),
    "mxnet": ("sagemaker.mxnet", "MXNet"),
}
"""The estimator of each framework, with its module."""
_MOST_IMAGES = 60
"""The versions of a framework that are tried."""
_CPU, _GPU = "ml.m5.xlarge", "ml.g5.xlarge"
_SIZE = "unknown: the size that the data and the model need"
_ROLE = "unknown: the role of the job (here that of the notebook)"


def launcher_source(needs: Needs, sdk: str, source_dir: str, entry_point: str) -> str:
    """Return a launcher of a training script; ``source_dir`` is relative to the folder that the launcher runs in."""
    write = _v2 if sdk == V2 else _v3
    name = remark(entry_point).replace("\\", "\\\\").replace('"', "'")
    title = (
        f'"""Start {name} in SageMaker. A comment with "unknown" marks what the script does not decide."""'
    )
    return "\n".join([title, "", *write(needs, source_dir, entry_point)]) + "\n"


class _Job:
    """The class, the versions and the instance type that a script's framework needs."""

    def __init__(self, needs: Needs, sdk: str) -> None:
        known = [name for name in needs.frameworks if name in _CLASSES]
        self.framework = "huggingface" if "huggingface" in known else known[0] if known else ""
        self.below = "tensorflow" if "tensorflow" in known and "pytorch" not in known else "pytorch"
        self.image = _image(needs, sdk, self.framework, self.below)
        self.instance_type = _GPU if processors(self.framework) == {"gpu"} else _CPU

    def versions(self) -> Iterator[tuple[str, str]]:
        """Yield the arguments that choose the image."""
        found = self.image
        if found is None:
            return
        if self.framework == "huggingface":
            yield "transformers_version", found.version
            yield f"{self.below}_version", (found.base or "").removeprefix(self.below)
        else:
            yield "framework_version", found.version
        if found.py_version is not None:
            yield "py_version", found.py_version


def _image(needs: Needs, sdk: str, framework: str, below: str) -> Image | None:
    """Return the newest image whose library has all that the script uses; the newest of all if there is none."""
    found = list(images(framework, below if framework == "huggingface" else "", v3=sdk == V3))
    distribution = distribution_in(_CLASSES[framework][1]) if framework else None
    for image in found[:_MOST_IMAGES] if distribution is not None else ():
        version = LibraryVersion(image.version.partition("-")[0], framework)
        uses = uses_lacked(needs.script.analysis, {distribution or framework: version})
        if not any(needs.script.owns(node) for node, *_ in uses):
            return image
    return found[0] if found else None


def _v2(needs: Needs, source_dir: str, entry_point: str) -> Iterator[str]:
    job = _Job(needs, V2)
    module, name = _CLASSES.get(job.framework, ("sagemaker.estimator", "Estimator"))
    yield "from sagemaker import get_execution_role"
    yield f"from {module} import {name}"
    yield ""
    yield f"estimator = {name}("
    if job.image is None:
        yield from _argument("image_uri", "<image>", _image_comment(needs))
    yield from _argument("entry_point", entry_point)
    yield from _argument("source_dir", source_dir)
    for key, version in job.versions():
        yield from _argument(key, version)
    yield from _argument("instance_type", job.instance_type, _SIZE)
    yield "    instance_count=1,"
    yield from with_comment("    role=get_execution_role(),", _ROLE)
    yield from _argument("output_path", "s3://<bucket>/models/", UNKNOWN_PLACE)
    if _has_checkpoints(needs):
        yield from _argument("checkpoint_s3_uri", "s3://<bucket>/checkpoints/", UNKNOWN_PLACE)
    hyperparameters = needs.hyperparameters
    if job.framework == "tensorflow":
        # the estimator passes --model_dir itself, with an address in S3
        hyperparameters = tuple(one for one in hyperparameters if one.name != "model_dir")
        reason = _without_model_dir(needs)
        if reason:
            yield from with_comment("    model_dir=False,", reason)
    yield from _table("hyperparameters", hyperparameters, needs.open.get("hyperparameters", ""))
    yield from _table("environment", needs.variables)
    yield ")"
    if not _channels(needs):
        yield from with_comment("estimator.fit()", needs.open.get("training_data", ""))
        return
    yield "estimator.fit("
    yield "    {"
    if "training_data" in needs.open:
        yield f"        # {remark(needs.open['training_data'])}"
    yield from python_lines(_channels(needs), "        ")
    yield "    }"
    yield ")"


def _v3(needs: Needs, source_dir: str, entry_point: str) -> Iterator[str]:
    job = _Job(needs, V3)
    configs = [
        "Compute",
        *(["CheckpointConfig"] if _has_checkpoints(needs) else []),
        "InputData",
        "OutputDataConfig",
    ]
    if not _channels(needs):
        configs.remove("InputData")
    if job.image is not None:
        yield "from sagemaker.core import image_uris"
    yield f"from sagemaker.core.training.configs import {', '.join([*sorted(configs), 'SourceCode'])}"
    yield "from sagemaker.train import ModelTrainer"
    yield ""
    yield "trainer = ModelTrainer("
    yield from _v3_image(needs, job)
    code = f"source_dir={python_value(source_dir)}, entry_script={python_value(entry_point)}"
    yield f"    source_code=SourceCode({code}),"
    yield from with_comment(
        f"    compute=Compute(instance_type={python_value(job.instance_type)}, instance_count=1),", _SIZE
    )
    yield from with_comment(
        '    output_data_config=OutputDataConfig(s3_output_path="s3://<bucket>/models/"),', UNKNOWN_PLACE
    )
    if _has_checkpoints(needs):
        yield from with_comment(
            '    checkpoint_config=CheckpointConfig(s3_uri="s3://<bucket>/checkpoints/"),', UNKNOWN_PLACE
        )
    yield from _table("hyperparameters", needs.hyperparameters, needs.open.get("hyperparameters", ""))
    yield from _table("environment", needs.variables)
    if _channels(needs):
        yield "    input_data_config=["
        if "training_data" in needs.open:
            yield f"        # {remark(needs.open['training_data'])}"
        for one in _channels(needs):
            channel = f"channel_name={python_value(one.key)}, data_source={python_value(one.value)}"
            yield from with_comment(f"        InputData({channel}),", one.comment)
        yield "    ],"
    yield ")"
    yield "trainer.train()"


def _v3_image(needs: Needs, job: _Job) -> Iterator[str]:
    if job.image is None:
        yield from _argument("training_image", "<image>", _image_comment(needs))
        return
    yield "    training_image=image_uris.retrieve("
    yield f"        framework={python_value(job.framework)},"
    yield from with_comment('        region="us-east-1",', "unknown: the region")
    for key, version in job.versions():
        if key in ("framework_version", "transformers_version"):
            yield f"        version={python_value(version)},"
        elif key == "py_version":
            yield f"        py_version={python_value(version)},"
    if job.framework == "huggingface":
        yield f"        base_framework_version={python_value(job.image.base)},"
    yield f"        instance_type={python_value(job.instance_type)},"
    yield '        image_scope="training",'
    yield "    ),"


def _has_checkpoints(needs: Needs) -> bool:
    return any(one.name == "checkpoints" for one in needs.outputs)


def _channels(needs: Needs) -> list[Line]:
    """Return the channels of the job, each with its place."""
    return [
        Line(
            one.path.removeprefix(f"{INPUT_DATA_DIR}/").partition("/")[0],
            f"s3://<bucket>/{one.name}/",
            UNKNOWN_PLACE if one.required else f"{OPTIONAL}; {UNKNOWN_PLACE}",
        )
        for one in needs.inputs
        if one.path.startswith(f"{INPUT_DATA_DIR}/")
    ]


def _image_comment(needs: Needs) -> str:
    known = ", ".join(name for name in needs.frameworks if name != "other") or "the script's packages"
    return f"unknown: an image with {known} and the package sagemaker-training"


def _without_model_dir(needs: Needs) -> str:
    """Return why the TensorFlow estimator must not pass ``--model_dir``; empty if it may."""
    accepted = acceptance(needs.script.analysis)
    if accepted is None:
        return ""
    match, options = accepted.match("--model_dir")
    if match is not Match.ONE:
        return "the script does not take --model_dir" if accepted.strict else ""
    kept = options and all(is_model_directory(needs.script, option) for option in options)
    return "the script's default of --model_dir is the model directory" if kept else ""


def _argument(name: str, value: str, comment: str = "") -> Iterator[str]:
    yield from with_comment(f"    {name}={python_value(value)},", comment)


def _table(name: str, settings: Iterable[Setting], note: str = "") -> Iterator[str]:
    """Yield a dict of hyperparameters or variables; nothing if the script takes none."""
    lines = [Line("", comment=note)] if note else []
    for one in settings:
        if one.rejected:
            lines.append(Line("", comment=f"{one.name}: {one.rejected}"))
        elif one.passed:
            value = one.value if name == "hyperparameters" else str(one.value)
            lines.append(Line(one.name, value, one.comment))
        elif one.required:
            lines.append(
                Line(one.name, f"<{one.name}>", f"unknown: the script requires it; it {one.comment}")
            )
        else:
            lines.append(Line("", comment=f"{one.name}: {one.comment}"))
    if lines:
        yield f"    {name}={{"
        yield from python_lines(lines, "        ")
        yield "    },"
