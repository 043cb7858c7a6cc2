"""TRN439: a container file that cannot start the training."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.container_start import ContainerProblem, container_problems
from training_alignment.launches.built_image import BuiltImage
from training_alignment.rules.container_rule import ContainerRule

_LAUNCHER = """
    from sagemaker.estimator import Estimator

    estimator = Estimator(
        image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn-trees:1",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.m5.xlarge",
        instance_count=1,{more}
    )
    estimator.fit("s3://churn-data/train/")
"""
_PROGRAM = """
    #!/usr/bin/env python
    import os

    print(os.listdir("/opt/ml/input/data/training"))
"""
_DOCKERFILE = """
    FROM {base}
    RUN pip install --no-cache-dir pandas scikit-learn
    {lines}
"""
_SCRIPT = """
    import argparse
    import os

    parser = argparse.ArgumentParser()
    {positional}parser.add_argument("--depth", type=int, default=6)
    args = parser.parse_args()
    print(args, os.listdir("/opt/ml/input/data/training"))
"""
_OPTIONS = ("--select=TRN439",)


def _example(lines: str, more: str = "", base: str = "python:3.11-slim") -> Example:
    """Return an example with a program ``train``, copied by these lines of the Dockerfile."""
    files = {
        "launch.py": _LAUNCHER.format(more=more),
        "container/Dockerfile": _DOCKERFILE.format(base=base, lines=lines.replace("\n", "\n    ")),
        "container/trees/train": _PROGRAM,
    }
    return Example(files, options=_OPTIONS)


def _entry(more: str = "", positional: str = "", mark: str = "") -> Example:
    """Return an example whose entry point is a script with a parser."""
    files = {
        "launch.py": _LAUNCHER.format(more=more),
        "Dockerfile": _DOCKERFILE.format(
            base="python:3.11-slim",
            lines=f'COPY main.py /app/main.py\n    ENTRYPOINT ["python", "/app/main.py"]{mark}',
        ),
        "main.py": _SCRIPT.format(positional=positional),
    }
    return Example(files, options=_OPTIONS)


class ContainerStart(ContainerRule):
    """Reports images of the repository whose training program cannot start."""

    code = "TRN439"
    severity = Severity.ERROR
    summary = "the container file cannot start the training"
    why = """
        SageMaker runs an image as `docker run IMAGE train`. Without an `ENTRYPOINT` the container looks for a program
        `train` on its `PATH`: `exec: "train": executable file not found in $PATH`, `permission denied`, `exec format
        error` or `no such file or directory`. With an `ENTRYPOINT`, its program gets the argument `train`: `error:
        unrecognized arguments: train`. The job ends before a line of the script has run.
    """
    fix = """
        Put the folder of `train` on `PATH` with `ENV PATH="/opt/program:${PATH}"`, set its mode with `RUN chmod +x`,
        or install `sagemaker-training` and set `SAGEMAKER_PROGRAM`. A program of `ENTRYPOINT` accepts the argument
        `train`.
    """
    warning_when = ("no job of the repository runs an image of the project's own",)
    reported_when = (
        "a `Dockerfile` copies a program `train` that uses SageMaker's paths or variables into a folder that is not on "
        "`PATH`, and has no `ENTRYPOINT`",
        "the image starts its script by `CMD`, which `train` replaces",
        "the program `train`, or the file of `ENTRYPOINT`, has no shebang line, a shebang line that ends with CRLF, or "
        "is executable neither by git nor by the Dockerfile",
        "the script of `ENTRYPOINT` trains, and its `argparse` parser accepts no positional argument or requires an "
        "option; or it does not exist in the image, which is the repository's only one",
        "the image has the training toolkit, and `SAGEMAKER_PROGRAM` names a file that is not in `/opt/ml/code`; or "
        "neither the image nor the job names a script",
        "the job names a script, and the image, the repository's only one, has neither the toolkit nor a program "
        "`train`; or it has files in `/opt/ml/code`, so that the toolkit does not fetch the script",
    )
    not_reported_when = (
        Condition(
            "a folder of `PATH` has the program",
            suppressed=_example(
                'ENV PATH="/opt/program:${PATH}"\nCOPY trees /opt/program\nRUN chmod +x /opt/program/train'
            ),
            reported=_example(
                'ENV PROGRAM_PATH="/opt/program:${PATH}"\nRUN chmod +x /usr/bin/env\n'
                "COPY trees /opt/program  # TRN439"
            ),
        ),
        Condition(
            "the job replaces the command of the image",
            suppressed=_entry(more='\n        container_entry_point=["python", "/app/main.py"],'),
            reported=_entry(
                more='\n        environment={"container_entry_point": "main.py"},', mark="  # TRN439"
            ),
        ),
        Condition(
            "the script accepts a positional argument",
            suppressed=_entry(positional='parser.add_argument("command")\n    '),
            reported=_entry(positional='parser.add_argument("--command")\n    ', mark="  # TRN439"),
        ),
        Condition(
            "a command of `RUN` may bring the program: it names it, runs code of the repository, or installs a package "
            "that is no requirement of the index",
            suppressed=_example("COPY trees /opt/program\nRUN ln -s /opt/program/train /usr/local/bin/train"),
            reported=_example(
                "COPY trees /opt/program  # TRN439\nRUN ln -s /opt/program/training /usr/local/bin/fit"
            ),
        ),
        Condition(
            "the image is built from one that may bring a program or an entry point: any but common public ones",
            suppressed=_example("COPY trees /opt/program", base="churn/python:3.11"),
            reported=_example("COPY trees /opt/program  # TRN439", base="python:3.11"),
        ),
        Condition(
            "the folder from which the image is built, or a value in the Dockerfile, is unknown",
            suppressed=_example("ARG FOLDER\nCOPY trees ${FOLDER}"),
            reported=_example("ARG FOLDER=/opt/program\nCOPY trees ${FOLDER}  # TRN439"),
        ),
    )
    missed = (
        "an interpreter that the image lacks, such as `python` where there is only `python3`",
        "a shell script that passes `train` on to a program that does not accept it",
        "images that a tool builds without a Dockerfile",
        "a program without a run bit, in a repository of which git records no file as executable",
    )
    documented_only = (
        "SageMaker runs the image as `docker run IMAGE train`, and the public images have no such program (developer "
        "guide); the kernel's errors are those of execve(2)",
        "the toolkit fetches code into an empty folder only (sagemaker-training 5.1.4, `files.py`)",
    )
    bad = _example("COPY trees /opt/program  # TRN439")
    good = _example(
        'COPY trees /opt/program\nRUN chmod +x /opt/program/train\nENV PATH="/opt/program:${PATH}"'
    )
    references = (
        "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-dockerfile.html",
        "https://github.com/aws/sagemaker-training-toolkit",
    )

    def severity_of(self, problem: ContainerProblem) -> Severity:
        """Return a warning if no job of the repository runs the image."""
        return self.severity if problem.certain else Severity.WARNING

    def problems(self, image: BuiltImage, /) -> Iterable[ContainerProblem]:
        """Return the problems of an image."""
        return container_problems(image)
