"""Cost of the commit hook: one step and a whole tree, against a bare parse.

``python benchmarks/alignment.py [--tree FOLDER] [--step FILE] [--pairs 9]``

Without ``--tree`` two repositories are written: one of 12 steps, each with script, contract, specification, builder and
configuration; and one with a pipeline of 20 training steps and their 20 scripts, with a target of at most 0.4 s. Whole
processes run with compiled code, in pairs with alternating order: the real command without its store, and a bare
process that parses the files of the same steps, with ``yaml`` only if one is YAML or
JSON. The figures are user plus system time of each process, and the largest resident size.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

COMMAND = "from training_alignment.cli import main; raise SystemExit(main())"
BARE = """
import ast, sys, yaml
for path in sys.argv[1:]:
    with open(path, "rb") as stream:
        data = stream.read()
    if path.endswith(".py"):
        ast.parse(data)
    else:
        yaml.safe_load(data)
"""
PARSE = """
import ast, sys
for path in sys.argv[1:]:
    with open(path, "rb") as stream:
        ast.parse(stream.read())
"""
STEPS = 12
TRAININGS = 20
"""The number of steps in the pipeline."""


class Cost(NamedTuple):
    """The cost of one process: seconds of user and system time, and the largest resident size in MB."""

    seconds: float
    megabytes: float


def cost(command: list[str], folder: Path) -> Cost:
    """Run a command and return its cost."""
    # A warm run uses compiled code, as after an installation by pip, whatever PYTHONDONTWRITEBYTECODE is.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def compare(name: str, ours: list[str], bare: list[str], folder: Path, pairs: int) -> None:
    """Print the ratio of two commands over pairs of runs, and their costs."""
    for command in (ours, bare):
        cost(command, folder)  # the first run warms caches
    costs_of_pairs: list[tuple[Cost, Cost]] = []
    for number in range(pairs):
        if number % 2:
            second = cost(bare, folder)
            costs_of_pairs.append((cost(ours, folder), second))
        else:
            first = cost(ours, folder)
            costs_of_pairs.append((first, cost(bare, folder)))
    ratio = statistics.median(a.seconds / max(b.seconds, 0.001) for a, b in costs_of_pairs)
    seconds = [statistics.median(costs[side].seconds for costs in costs_of_pairs) for side in (0, 1)]
    memory = (
        max(costs[0].megabytes for costs in costs_of_pairs),
        max(costs[1].megabytes for costs in costs_of_pairs),
    )
    print(
        f"{name}: {ratio:.2f} times ({seconds[0]:.3f} s against {seconds[1]:.3f} s), "
        f"{memory[0]:.0f} MB against {memory[1]:.0f} MB"
    )


def write_tree(folder: Path) -> None:
    """Write a repository in the layout that pipelines of steps usually have."""
    for number in range(STEPS):
        for path, source in step_files(f"churn{number:02}_training", f"Churn{number:02}Training").items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(source, encoding="utf-8")


def write_pipeline(folder: Path) -> list[str]:
    """Write a pipeline of training steps, each with a script; return the files."""
    lines = [
        "import sagemaker",
        "from sagemaker.inputs import TrainingInput",
        "from sagemaker.pytorch import PyTorch",
        "from sagemaker.workflow.pipeline import Pipeline",
        "from sagemaker.workflow.pipeline_context import PipelineSession",
        "from sagemaker.workflow.steps import TrainingStep",
        "",
        "session = PipelineSession()",
        "steps = []",
    ]
    files = ["pipeline.py"]
    before = ""
    for number in range(TRAININGS):
        name = f"train_{number:02}"
        channels = '"train": TrainingInput(s3_data="s3://churn/train/")'
        if before:
            path = f"{before}.properties.ModelArtifacts.S3ModelArtifacts"
            channels += f', "before": TrainingInput(s3_data={path})'
        lines += [
            f"estimator_{number:02} = PyTorch(",
            f'    entry_point="{name}.py",',
            f'    source_dir="code/{name}",',
            "    role=sagemaker.get_execution_role(),",
            '    instance_type="ml.g5.xlarge",',
            "    instance_count=1,",
            '    framework_version="2.1.0",',
            '    py_version="py310",',
            "    sagemaker_session=session,",
            f'    hyperparameters={{"epochs": {number + 1}, "lr": 0.1, "batch-size": 64}},',
            '    metric_definitions=[{"Name": "loss", "Regex": "test loss: ([0-9.]+)"}],',
            ")",
            f'{name} = TrainingStep(name="Train{number:02}", step_args=estimator_{number:02}.fit({{{channels}}}))',
            f"steps.append({name})",
        ]
        before = name
        path = f"code/{name}/{name}.py"
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(training_script(number), encoding="utf-8")
        files.append(path)
    lines.append('pipeline = Pipeline(name="Churn", steps=steps, sagemaker_session=session)')
    (folder / "pipeline.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def training_script(number: int) -> str:
    """Return the source of one training script of a pipeline."""
    before = 'parser.add_argument("--before", default=os.environ.get("SM_CHANNEL_BEFORE"))' if number else ""
    start = 'model.load_state_dict(torch.load(os.path.join(args.before, "model.pth")))' if number else ""
    return f'''"""Train."""
import argparse
import os

import torch
from torch.utils.data import DataLoader, TensorDataset


class Network(torch.nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(inputs, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, {number + 2})
        )

    def forward(self, rows):
        return self.layers(rows)


def load(folder, part):
    rows = torch.load(os.path.join(folder, part + ".pt"))
    return TensorDataset(rows[:, 1:], rows[:, 0].long())


def train(model, loader, optimizer, epoch):
    model.train()
    for number, (rows, labels) in enumerate(loader):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(rows), labels)
        loss.backward()
        optimizer.step()
        if number % 100 == 0:
            print(f"epoch {{epoch}}, batch {{number}}, loss: {{loss.item():.4f}}")


def test(model, loader):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for rows, labels in loader:
            total += torch.nn.functional.cross_entropy(model(rows), labels).item()
    print("test loss: {{:.4f}}".format(total / len(loader)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    {before}
    args = parser.parse_args()

    model = Network({number + 8}, 32)
    {start}
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    loader = DataLoader(load(args.train, "train"), batch_size=args.batch_size, shuffle=True)
    held = DataLoader(load(args.train, "test"), batch_size=args.batch_size)
    for epoch in range(args.epochs):
        train(model, loader, optimizer, epoch)
        test(model, held)
    torch.save(model.state_dict(), os.path.join(args.model_dir, "model.pth"))


if __name__ == "__main__":
    main()
'''


def step_files(stem: str, name: str) -> dict[str, str]:
    """Return the files of one invented step, of the size of real ones."""
    constant = stem.upper()
    helpers = "\n\n".join(
        f'''def column_{n}(table, settings):
    """Return one column, filled and scaled."""
    values = table["column_{n}"]
    if settings.get("fill", True):
        values = values.fillna(values.median())
    low, high = values.quantile(0.01), values.quantile(0.99)
    return ((values.clip(low, high) - low) / max(high - low, 1e-9)).round({n % 7})'''
        for n in range(60)
    )
    script = f'''"""Train."""
import argparse
import json
import os

import pandas as pd
import xgboost as xgb


{helpers}


def main(input_paths, output_paths, environ_vars, job_args):
    """Train, evaluate and save."""
    with open(os.path.join(input_paths["hyperparameters"], "hyperparameters.json")) as stream:
        settings = json.load(stream)
    tables = [pd.read_csv(os.path.join(input_paths["data"], part, "data.csv")) for part in ("train", "val")]
    train, held = (xgb.DMatrix(t.drop(columns="label"), label=t["label"]) for t in tables)
    model = xgb.train(settings, train, int(settings["num_round"]), evals=[(held, "val")])
    print(model.eval(held), environ_vars["REGION"])
    model.save_model(os.path.join(output_paths["model"], "model.json"))


if __name__ == "__main__":
    main(
        {{"data": "/opt/ml/input/data", "hyperparameters": "/opt/ml/input/config"}},
        {{"model": "/opt/ml/model"}},
        {{"REGION": os.environ.get("REGION", "EU")}},
        argparse.Namespace(),
    )
'''
    contract = f'''from contracts.base import TrainingScriptContract

{constant}_CONTRACT = TrainingScriptContract(
    entry_point="{stem}.py",
    expected_input_paths={{"data": "/opt/ml/input/data", "hyperparameters": "/opt/ml/input/config"}},
    expected_output_paths={{"model": "/opt/ml/model"}},
    expected_arguments={{}},
    required_env_vars=[],
    optional_env_vars={{"REGION": "EU"}},
    framework_requirements={{"pandas": ">=2", "xgboost": ">=2"}},
)
'''
    specification = f'''from contracts.{stem}_contract import {constant}_CONTRACT
from pipeline.specification import DependencySpec, OutputSpec, StepSpecification

{constant}_SPEC = StepSpecification(
    step_type="{name}",
    script_contract={constant}_CONTRACT,
    dependencies=[
        DependencySpec(logical_name="data", dependency_type="training_data", compatible_sources=["{name}"]),
        DependencySpec(logical_name="hyperparameters", dependency_type="hyperparameters", required=False),
    ],
    outputs=[
        OutputSpec(
            logical_name="model",
            output_type="model_artifacts",
            property_path="properties.ModelArtifacts.S3ModelArtifacts",
        )
    ],
)
'''
    builder = f'''from sagemaker.xgboost import XGBoost

from configs.config_{stem}_step import {name}Config
from pipeline.builder import StepBuilder
from specs.{stem}_spec import {constant}_SPEC


class {name}StepBuilder(StepBuilder):
    """Build the step."""

    def __init__(self, config: {name}Config):
        super().__init__(config=config, spec={constant}_SPEC)

    def _create_estimator(self):
        return XGBoost(
            entry_point=self.config.entry_point,
            role=self.config.role,
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            framework_version="1.7-1",
        )

    def create_step(self, **kwargs):
        return self._create_estimator()
'''
    configuration = f'''from pydantic import BaseModel


class {name}Config(BaseModel):
    """Settings of the step."""

    entry_point: str = "{stem}.py"
    role: str
    instance_type: str = "ml.m5.xlarge"
    instance_count: int = 1
'''
    return {
        f"scripts/{stem}.py": script,
        f"contracts/{stem}_contract.py": contract,
        f"specs/{stem}_spec.py": specification,
        f"builders/builder_{stem}_step.py": builder,
        f"configs/config_{stem}_step.py": configuration,
    }


def main() -> int:
    """Write a tree, or use an existing one, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, help="a repository; by default one is written")
    parser.add_argument("--step", help="a file of the step to check; by default of the first training step")
    parser.add_argument("--pairs", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tree: Path = arguments.tree or Path(folder)
        if arguments.tree is None:
            write_tree(tree)
            (tree / "setup.py").write_text("from setuptools import setup\n\nsetup()\n", encoding="utf-8")
            subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
        measure(tree.resolve(), arguments.step, arguments.pairs)
    if arguments.tree is None:
        with tempfile.TemporaryDirectory() as folder:
            measure_pipeline(Path(folder).resolve(), arguments.pairs)
    return 0


def measure_pipeline(folder: Path, pairs: int) -> None:
    """Print the cost of a pipeline with its scripts."""
    files = write_pipeline(folder)
    check = [sys.executable, "-c", COMMAND, "check", "--no-cache", "--all"]
    done = subprocess.run([*check, "--format", "json"], cwd=folder, capture_output=True, check=True)
    print(f"{TRAININGS} training steps of one pipeline, {len(json.loads(done.stdout))} findings")
    compare("the pipeline and its scripts", check, [sys.executable, "-c", PARSE, *files], folder, pairs)


def measure(tree: Path, file: str | None, pairs: int) -> None:
    """Print the cost of one step and of the whole tree."""
    # In a separate process: a child starts with the memory of its parent.
    listed = subprocess.run(
        [sys.executable, "-c", COMMAND, "steps", "--format", "json"],
        cwd=tree,
        capture_output=True,
        check=True,
    )
    files = {step["name"]: [part["path"] for part in step["parts"]] for step in json.loads(listed.stdout)}
    kinds = {step["name"]: step["kind"] for step in json.loads(listed.stdout)}
    wanted = [n for n, paths in files.items() if (file in paths if file else kinds[n] == "Training")]
    chosen = sorted(set(files[wanted[0]]))
    everything = sorted({path for paths in files.values() for path in paths})
    print(f"Python {platform.python_version()}, {len(files)} steps, {len(everything)} files")
    check = [sys.executable, "-c", COMMAND, "check", "--no-cache"]
    bare = [sys.executable, "-c", BARE if any(not path.endswith(".py") for path in everything) else PARSE]
    compare(f"one step ({wanted[0]})", [*check, file or chosen[0]], [*bare, *chosen], tree, pairs)
    compare("the whole tree", [*check, "--all"], [*bare, *everything], tree, pairs)
    nothing = [sys.executable, "-c", "pass"]
    compare("a commit of README.md", [*check, "README.md"], nothing, tree, pairs)
    other = next((str(p.relative_to(tree)) for p in sorted(tree.glob("setup.py"))), None)
    if other is not None:
        compare("a commit of a file of no step", [*check, other], nothing, tree, pairs)


if __name__ == "__main__":
    sys.exit(main())
