"""Growth of the cross-checks: repositories of 250, 500, 1,000 and 2,000 invented steps.

``python benchmarks/scale.py [--steps 250,500,1000,2000] [--runs 3]``

Each step has a script, a contract, a specification, a builder and a configuration class, takes its input from the step
before it, and is in a registry. The times are user plus system time of whole processes, the best of several runs: of a
check of the whole repository, of one step, and of a bare parse of the same files. Targets: a step of 2,000 costs at
most 1.2 times as much as one of 250, and the check of one changed step a tenth of the check of all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

FACTOR, SHARE = 1.2, 0.1
"""The targets: the time per step against the smallest repository, and one changed step against the whole."""

_COMMAND = "from training_alignment.cli import main; raise SystemExit(main())"
_PARSE = """
import ast, sys, yaml
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*.py")):
    ast.parse(path.read_bytes())
"""

_SUBJECTS = "customer order invoice parcel refund seller product basket session click review payment".split()
_MATTERS = (
    "address amount balance country currency delivery device discount history language margin price".split()
)
_DEEDS = (
    "cleaning sampling encoding joining masking sorting grouping scoring ranking pruning weighting binning folding "
    "clipping scaling"
).split()
_GROUPS = ("", "group", "batch", "queue", "event", "store")
"""Endings of the subjects: there are names for 12,960 steps."""
_REGISTERED = 1_000
"""The most steps of one registry, so that each file is small enough to be read."""


class Time(NamedTuple):
    """Seconds of the processes for a repository of ``steps`` steps."""

    steps: int
    parse: float
    whole: float
    one: float


def names() -> Iterator[str]:
    """Yield different names of steps: ``CustomerAddressCleaning``; each tenth one is a training."""
    names_of_three = product(_GROUPS, _DEEDS, _MATTERS, _SUBJECTS)
    for number, (group, deed, matter, subject) in enumerate(names_of_three):
        last = f"{deed}_training" if number % 10 == 9 else deed
        yield "".join(word.capitalize() for word in f"{subject}{group}_{matter}_{last}".split("_"))


def main() -> int:
    """Measure, and print the result as a Markdown table; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description="Measures how the cross-checks grow with the repository.")
    parser.add_argument("--steps", default="250,500,1000,2000", help="numbers of steps, in ascending order")
    parser.add_argument("--runs", type=int, default=3, help="the number of runs; the best one counts")
    parser.add_argument(
        "--profile", action="store_true", help="profile one whole check of the largest instead"
    )
    arguments = parser.parse_args()
    counts = [int(count) for count in arguments.steps.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        times = [measure(Path(folder) / str(count), count, arguments.runs) for count in counts]
    print(table(times))
    factor, share = _factor(times), times[-1].one / times[-1].whole
    print(
        f"\nA step of {times[-1].steps:,} costs {factor:.2f} times one of {times[0].steps:,} (at most {FACTOR});"
    )
    print(f"one changed step costs {share:.3f} of the whole (at most {SHARE}).")
    return 0 if factor <= FACTOR and share <= SHARE else 1


def _factor(times: Sequence[Time]) -> float:
    first, last = times[0], times[-1]
    return (last.whole / last.steps) / (first.whole / first.steps)


def table(times: Sequence[Time]) -> str:
    """Return the figures as a Markdown table."""
    rows = [
        "| steps | bare parse | whole check | times the parse | ms a step | one changed step |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {t.steps:,} | {t.parse:.2f} s | {t.whole:.2f} s | {t.whole / t.parse:.2f} | {1000 * t.whole / t.steps:.2f} "
        f"| {t.one:.2f} s |"
        for t in times
    ]
    return "\n".join(rows)


def measure(folder: Path, count: int, runs: int) -> Time:
    """Write a repository and time the three processes over it."""
    root = repository(folder, count)
    changed = f"src/pipeline/contracts/{snake(next(islice(names(), count // 2, None)))}_contract.py"
    check = [sys.executable, "-c", _COMMAND, "check"]
    commands = [[sys.executable, "-c", _PARSE, str(root)], check, [*check, changed]]
    best = [min(seconds(command, root) for _ in range(runs)) for command in commands]
    shutil.rmtree(folder)
    return Time(count, *best)


def seconds(command: Sequence[str], folder: Path) -> float:
    """Return user plus system seconds of a process and its children."""
    before = os.times()
    done = subprocess.run(command, cwd=folder, capture_output=True)
    after = os.times()
    if done.returncode not in (0, 1) or done.stderr:
        raise RuntimeError(done.stderr.decode())
    return after.children_user - before.children_user + after.children_system - before.children_system


def snake(name: str) -> str:
    """Return ``CustomerAddressCleaning`` as ``customer_address_cleaning``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def repository(root: Path, count: int) -> Path:
    """Write a repository of ``count`` steps; each takes its input from the processing step before it."""
    parts = ("scripts", "contracts", "specs", "builders", "configs", "registry")
    base = root / "src" / "pipeline"
    for part in parts:
        (base / part).mkdir(parents=True)
        (base / part / "__init__.py").touch()
    registered: list[str] = []
    before = ""
    for name in islice(names(), count):
        files = training_step(name, before) if name.endswith("Training") else processing_step(name, before)
        for part, text in zip(parts, files, strict=False):
            file = f"{snake(name)}{'' if part == 'scripts' else '_' + part.rstrip('s')}.py"
            (base / part / file).write_text(text, encoding="utf-8")
        kind = "Training" if name.endswith("Training") else "Processing"
        registered.append(
            f'    "{name}": {{\n        "config_class": "{name}Config",\n        "builder_step_name": '
            f'"{name}StepBuilder",\n        "spec_type": "{name}",\n        "sagemaker_step_type": "{kind}",\n    }},\n'
        )
        if kind == "Processing":
            before = name
    if len(registered) < count:
        raise ValueError(f"there are names for {len(registered):,} steps only")
    for number, first in enumerate(range(0, count, _REGISTERED)):
        entries = "".join(registered[first : first + _REGISTERED])
        path = base / "registry" / f"step_names{f'_{number}' if number else ''}.py"
        path.write_text(f"STEP_NAMES = {{\n{entries}}}\n", encoding="utf-8")
    (root / "pyproject.toml").write_text("[tool.flake8-training]\n", encoding="utf-8")
    return root


def processing_step(name: str, before: str) -> tuple[str, ...]:
    """Return script, contract, specification, builder and configuration of a processing step."""
    stem, constant = snake(name), snake(name).upper()
    script = f'''"""Prepares the data of one step."""

import argparse
import logging
import os

import pandas as pd

LOG = logging.getLogger(__name__)


def load(folder):
    return pd.read_csv(os.path.join(folder, "{stem}.csv"))


def prepare(table, label, rows):
    table = table.dropna(subset=[label])
    if len(table) < rows:
        raise ValueError("too few rows")
    return table.reset_index(drop=True)


def main(input_paths, output_paths, environ_vars, job_args):
    table = load(input_paths["input_data"])
    table = prepare(table, environ_vars["LABEL_FIELD"], int(environ_vars["MIN_ROWS"]))
    LOG.info("%s rows for %s", len(table), job_args.job_type)
    table.to_csv(os.path.join(output_paths["processed_data"], job_args.job_type + ".csv"), index=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--job-type", required=True)
    main(
        input_paths={{"input_data": "/opt/ml/processing/input/data"}},
        output_paths={{"processed_data": "/opt/ml/processing/output"}},
        environ_vars={{
            "LABEL_FIELD": os.environ["LABEL_FIELD"],
            "MIN_ROWS": os.environ.get("MIN_ROWS", "100"),
        }},
        job_args=parser.parse_args(),
    )
'''
    contract = f'''"""What the script needs and gives."""

from ..core.contracts import ScriptContract

{constant}_CONTRACT = ScriptContract(
    entry_point="{stem}.py",
    expected_input_paths={{
        "input_data": "/opt/ml/processing/input/data",
    }},
    expected_output_paths={{
        "processed_data": "/opt/ml/processing/output",
    }},
    expected_arguments={{
        "job-type": "training",
    }},
    required_env_vars=["LABEL_FIELD"],
    optional_env_vars={{"MIN_ROWS": "100"}},
    framework_requirements={{"pandas": ">=2"}},
)
'''
    specification = specification_of(name, before, "processing_output", "processed_data", "input_data")
    return script, contract, specification, builder_of(name, "processor"), configuration_of(name)


def training_step(name: str, before: str) -> tuple[str, ...]:
    """Return script, contract, specification, builder and configuration of a training step."""
    stem, constant = snake(name), snake(name).upper()
    script = f'''"""Trains the model of one step."""

import json
import os

import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score


def parameters():
    with open("/opt/ml/input/config/hyperparameters.json") as stream:
        given = json.load(stream)
    return {{"max_depth": int(given["max_depth"]), "eta": float(given["eta"]), "rounds": int(given["rounds"])}}


def load(folder, name):
    table = pd.read_csv(os.path.join(folder, name + ".csv"))
    return xgb.DMatrix(table.drop(columns="label"), label=table["label"])


def main(input_paths, output_paths, environ_vars, job_args):
    chosen = parameters()
    rounds = chosen.pop("rounds")
    train = load(input_paths["input_data"], "train")
    validation = load(input_paths["input_data"], "validation")
    model = xgb.train(chosen, train, rounds, evals=[(validation, "validation")])
    print("auc", roc_auc_score(validation.get_label(), model.predict(validation)))
    model.save_model(os.path.join(output_paths["model_output"], "{stem}.json"))


if __name__ == "__main__":
    main(
        input_paths={{"input_data": "/opt/ml/input/data/data"}},
        output_paths={{"model_output": "/opt/ml/model"}},
        environ_vars={{}},
        job_args=None,
    )
'''
    contract = f'''"""What the script needs and gives."""

from ..core.contracts import TrainingScriptContract

{constant}_CONTRACT = TrainingScriptContract(
    entry_point="{stem}.py",
    expected_input_paths={{
        "input_data": "/opt/ml/input/data/data",
    }},
    expected_output_paths={{
        "model_output": "/opt/ml/model",
    }},
    expected_arguments={{}},
    required_env_vars=[],
    optional_env_vars={{}},
    framework_requirements={{"pandas": ">=2", "xgboost": ">=2", "scikit-learn": ">=1"}},
)
'''
    specification = specification_of(name, before, "training_data", "model_output", "input_data")
    return script, contract, specification, builder_of(name, "estimator"), configuration_of(name)


def specification_of(name: str, before: str, input_type: str, output: str, input_name: str) -> str:
    """Return the specification of a step; the first step has no upstream step."""
    path = (
        "properties.ModelArtifacts.S3ModelArtifacts"
        if output == "model_output"
        else f"properties.ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri"
    )
    kind = "MODEL_ARTIFACTS" if output == "model_output" else "PROCESSING_OUTPUT"
    sources = [before] if before else []
    dependency = f'''
        DependencySpec(
            logical_name="{input_name}",
            dependency_type=DependencyType.{input_type.upper()},
            required={bool(sources)},
            compatible_sources={sources!r},
            semantic_keywords=["data", "input", "table"],
            data_type="S3Uri",
            description="what the step before gives",
        ),'''
    return f'''"""The step in its pipeline."""

from ..contracts.{snake(name)}_contract import {snake(name).upper()}_CONTRACT
from ..core.specifications import DependencySpec, DependencyType, NodeType, OutputSpec, StepSpecification
from ..registry.step_names import get_spec_step_type

{snake(name).upper()}_SPEC = StepSpecification(
    step_type=get_spec_step_type("{name}"),
    node_type=NodeType.INTERNAL,
    script_contract={snake(name).upper()}_CONTRACT,
    dependencies=[{dependency}
    ],
    outputs=[
        OutputSpec(
            logical_name="{output}",
            aliases=["{output}_of_{snake(name)}"],
            output_type=DependencyType.{kind},
            property_path="{path}",
            data_type="S3Uri",
            description="what the step gives",
        ),
    ],
)
'''


def builder_of(name: str, kind: str) -> str:
    """Return the builder class of a step."""
    return f'''"""Builds the step."""

from ..configs.{snake(name)}_config import {name}Config
from ..core.builders import StepBuilderBase
from ..specs.{snake(name)}_spec import {snake(name).upper()}_SPEC


class {name}StepBuilder(StepBuilderBase):
    def __init__(self, config: {name}Config, session=None, role=None):
        if not isinstance(config, {name}Config):
            raise ValueError("another step's configuration")
        super().__init__(config=config, spec={snake(name).upper()}_SPEC, session=session, role=role)

    def validate_configuration(self):
        for name in ["label_field", "min_rows"]:
            if getattr(self.config, name, None) is None:
                raise ValueError(name)

    def _create_{kind}(self):
        return self.make_{kind}(
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            volume_size_in_gb=self.config.volume_size,
        )

    def _get_environment_variables(self):
        variables = super()._get_environment_variables()
        variables["LABEL_FIELD"] = self.config.label_field
        variables["MIN_ROWS"] = str(self.config.min_rows)
        return variables

    def _get_inputs(self, inputs):
        return [self.input_of(name, inputs[name]) for name in self.spec.dependencies]

    def _get_outputs(self, outputs):
        return [self.output_of(name) for name in self.spec.outputs]

    def create_step(self, **given):
        return self.step_of(self._create_{kind}(), self._get_inputs(given), self._get_outputs(given))
'''


def configuration_of(name: str) -> str:
    """Return the configuration class of a step."""
    return f'''"""The settings of the step."""

from pydantic import Field

from ..core.configs import BasePipelineConfig


class {name}Config(BasePipelineConfig):
    label_field: str = Field(description="the column to predict")
    min_rows: int = Field(default=100, description="fewer rows are an error")
    instance_type: str = "ml.m5.xlarge"
    instance_count: int = 1
    volume_size: int = 30
    job_type: str = "training"
'''


if __name__ == "__main__":
    sys.exit(main())
