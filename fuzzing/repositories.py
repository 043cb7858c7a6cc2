"""Generated repositories: steps with their artefacts, launchers, notebooks, data files and links."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from fuzzing.cases import Case
from fuzzing.programs import Programs
from fuzzing.words import ODD, OPTIONS, PATHS, VALUES, Words

STEPS = ("churn_training", "cleaning", "model_evaluation", "train")
LINKS = (
    "..",
    ".",
    "/",
    "loop",
    "../../outside.py",
    "/etc/passwd",
    "train.py",
    "/dev/zero",
    "/dev/null",
    "/proc/self/mem",
)


class Repositories(Words):
    """Draws repositories."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.programs = Programs(random)
        self.programs.oddity = self.oddity

    # -- plain data, which becomes Python, YAML or JSON

    def data(self, depth: int = 2) -> Any:
        """Any data."""
        draw = self.random.random()
        if depth <= 0 or draw < 0.5:
            odd: tuple[Any, ...] = (0, 1, -1, 0.5, None, True, "", [], {}, 10**30, float("inf"))
            return self.text() if self.random.random() < 0.7 else self.random.choice(odd)
        if draw < 0.75:
            return [self.data(depth - 1) for _ in range(self.random.randint(0, 3))]
        return {self.text(): self.data(depth - 1) for _ in range(self.random.randint(0, 3))}

    def contract(self, script: str) -> dict[str, Any]:
        """A contract in the form of a dict."""
        ports = {
            "inputs": {
                name: {
                    "type": "TrainingInput",
                    "source": "s3://bucket/a/",
                    "destination": self.random.choice(PATHS),
                }
                for name in self._names()
            },
            "outputs": {
                name: {
                    "type": "model_artifacts",
                    "source": self.random.choice(PATHS),
                    "destination": "s3://b/",
                }
                for name in self._names()
            },
        }
        return self._disturbed(
            {
                "entry_point": script,
                **ports,
                "hyperparameters": {name: self.random.choice(VALUES) for name in self._names()},
                "environment_variables": {self.text(): self.text() for _ in range(self.random.randint(0, 2))},
                "framework_requirements": {"xgboost": "==1.7.6", "pandas": ">=2"},
            }
        )

    def specification(self, step: str) -> dict[str, Any]:
        """A specification in the form of a dict."""
        return self._disturbed(
            {
                "step_name": step.replace("_", "-"),
                "estimator_config": {
                    "instance_type": "ml.m5.xlarge",
                    "instance_count": 1,
                    "volume_size_in_gb": 30,
                    "max_run": 3600,
                },
                "inputs": dict.fromkeys(self._names(), "TrainingInput"),
                "outputs": dict.fromkeys(self._names(), "model_artifacts"),
                "hyperparameters": {name: self.random.choice(VALUES) for name in self._names()},
                "code_location": "s3://bucket/code/",
                "dependencies": {
                    "upstream_steps": [self.random.choice(STEPS)],
                    "input_artifacts": self._names(),
                },
            }
        )

    def step_file(self, step: str) -> dict[str, Any]:
        """A contract and a specification in one."""
        ports = {name: {"path": self.random.choice(PATHS), "required": True} for name in self._names()}
        outputs = {
            name: {
                "type": "model_artifacts",
                "property_path": "properties.ModelArtifacts.S3ModelArtifacts",
                "aliases": self._names(),
                "data_type": "S3Uri",
            }
            for name in self._names()
        }
        sources = {
            name: {"type": "training_data", "required": True, "compatible_sources": self._names()}
            for name in self._names()
        }
        return self._disturbed(
            {
                "step_type": step.title().replace("_", ""),
                "registry": {"sagemaker_step_type": "Training"},
                "contract": {"entry_point": f"{step}.py", "inputs": ports,
                             "outputs": {"model": {"path": "/opt/ml/model"}},
                             "env_vars": {"required": self._names(), "optional": {"A": "1"}}},
                "spec": {"dependencies": sources, "outputs": outputs},
            }
        )  # fmt: skip

    def _names(self) -> list[str]:
        pool = ("training_data", "train", "model", "model_output", "max_depth", *OPTIONS)
        names = [
            self.text() if self.random.random() < self.oddity else self.random.choice(pool) for _ in range(3)
        ]
        return names[: self.random.randint(0, 3)]

    def _disturbed(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data with some values replaced or left out."""
        for _ in range(self.size(4) - 1):
            at: Any = data
            while isinstance(at, dict) and at:
                key = self.random.choice(list(at))
                if self.random.random() < 0.4 or not isinstance(at[key], dict):
                    if self.random.random() < 0.3:
                        del at[key]
                    else:
                        at[key] = self.data()
                    break
                at = at[key]
        return data

    # -- files

    def python_table(self, constant: str, data: dict[str, Any]) -> str:
        """A module that assigns a table."""
        lines = ["import os", self.programs.amplifier(12) if self.random.random() < 0.1 else ""]
        lines.append(f"{constant} = {ascii(data).replace('inf', '1e999')}")
        if self.random.random() < 0.2:
            forms = (
                "{0}.update({0})", "{0}['inputs'] = {0}", "{0} = {{**{0}, 'a': {0}}}", "{0}['inputs'].update({1})",
                "{0} |= {1}", "for k in {0}:\n    {0}[k] = {1}", "{0} = dict({0}, inputs={1})",
                "X = {0}\nX.pop('inputs')",
            )  # fmt: skip
            form = self.random.choice(forms)
            lines += [form.format(constant, self.programs.expression(2))] * self.size(12)
        return "\n".join(lines) + "\n"

    def python_calls(self, step: str) -> dict[str, str]:
        """A contract, a specification and a builder made by calls."""
        upper, camel = step.upper(), step.title().replace("_", "")
        names = [self._names() for _ in range(4)]
        inputs = {name: self.random.choice(PATHS) for name in names[0]}
        outputs = {name: self.random.choice(PATHS) for name in names[1]}
        sources = ", ".join(
            f"DependencySpec(logical_name={name!a}, compatible_sources={names[3]!a}, required=True)"
            for name in names[2]
        )
        offers = ", ".join(
            f"OutputSpec(logical_name={name!a}, aliases={names[3]!a}, property_path="
            "'properties.ModelArtifacts.S3ModelArtifacts')"
            for name in names[1]
        )
        configured = (
            self.programs.launcher(f"{step}.py").partition("estimator = ")[2].partition("\n)")[0] + "\n)"
        )
        returned = configured.replace("\n", "\n        ")
        return {
            f"contracts/{step}_contract.py": "from core import TrainingScriptContract\n"
            f"{upper}_CONTRACT = TrainingScriptContract(entry_point='{step}.py', expected_input_paths={inputs!a}, "
            f"expected_output_paths={outputs!a}, expected_arguments={dict.fromkeys(names[2], '1')!a}, "
            f"required_env_vars={names[3]!a}, optional_env_vars={self.programs.expression(2)})\n",
            f"specs/{step}_spec.py": "from core import DependencySpec, OutputSpec, StepSpecification\n"
            f"from contracts.{step}_contract import {upper}_CONTRACT\n"
            f"{upper}_SPEC = StepSpecification(step_type='{camel}', script_contract={upper}_CONTRACT, "
            f"dependencies=[{sources}], outputs=[{offers}])\n",
            f"builders/builder_{step}_step.py": "from sagemaker.pytorch import PyTorch\n"
            "from sagemaker.workflow.steps import TrainingStep\n"
            f"from configs.config_{step}_step import {camel}Config\nfrom specs.{step}_spec import {upper}_SPEC\n"
            f"class {camel}StepBuilder:\n    def __init__(self, config: {camel}Config):\n        self.config = config\n"
            f"        self.spec = {upper}_SPEC\n    def _create_estimator(self):\n        return {returned}\n"
            f"    def create_step(self, x):\n        return TrainingStep(name='{camel}', "
            "estimator=self._create_estimator(), inputs=x)\n",
            f"configs/config_{step}_step.py": f"class {camel}Config(BaseModel):\n    role: str\n"
            f"    training_entry_point: str = '{step}.py'\n    x: str = {self.programs.expression(2)}\n",
        }

    def yaml(self, data: Any) -> str:
        """Data as YAML: JSON is YAML, and sometimes anchors, merges and comments stand in it."""
        import yaml

        text: str = yaml.safe_dump(data, sort_keys=False, default_flow_style=self.random.random() < 0.2)
        if self.random.random() < 0.2:
            lines = text.split("\n")
            at = self.random.randrange(len(lines))
            extra = ("a: &a [1]", "b: *a", "<<: {x: 1}", "? [a]\n: b", "--- # next", "c: !!python/object:os.system x",
                     "d: 1:2:3", "e: 0o7", "? \n", "\tf: 1", "g: |\n  x", "{", "- x", "h: 2001-01-01",
                     "contract: *x")  # fmt: skip
            lines.insert(at, " " * self.random.choice((0, 2, 4)) + self.random.choice(extra))
            text = "\n".join(lines)
        return text

    def notebook(self) -> str:
        """A notebook with a launcher."""
        cells = []
        for _ in range(self.random.randint(1, 4)):
            source = self.random.choice(
                (
                    self.programs.launcher(),
                    "%%writefile train.py\n" + self.programs.script(),
                    "!pip install x\n%matplotlib inline\nfiles = !ls\n" + self.programs.amplifier(8),
                    "%%bash\npython train.py --epochs 3",
                    self.programs.statement(1) + "\n" * self.size(3000),
                    "a" + " " * self.size(5000) + "?",
                )
            )
            shape: Any = source.splitlines(keepends=True) if self.random.random() < 0.8 else source
            cells.append({"cell_type": self.random.choice(("code", "code", "markdown")), "source": shape,
                          "metadata": {}, "outputs": []})  # fmt: skip
        data = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        return json.dumps(data if self.random.random() < 0.9 else self._disturbed(data), indent=1)

    def configuration(self) -> str:
        """A pyproject.toml."""
        lines = ["[tool.flake8-training]" if self.random.random() < 0.8 else "[tool . 'flake8-training']"]
        settings = ("select = ['TRN1']", "ignore = ['TRN105']", "levels = [1, 2]", "strict = true", "selct = []",
                    "training-scripts = ['*.py']", "exclude = ['a/**', '[']", "levels = 'x'", "ignore = [1]",
                    f"{json.dumps(self.text())} = 1")  # fmt: skip
        lines += dict.fromkeys(self.random.choices(settings, k=self.random.randint(0, 3)))
        for step in self.random.sample(STEPS, self.random.randint(0, 2)):
            lines.append(f"[tool.flake8-training.steps.{step}]")
            parts = ("script = 'train.py'", f"contract = 'contracts/{step}_contract.py'", "kind = 'training'",
                     f"specification = {json.dumps(self.text())}", "builder = '../x.py'", "flow = ['a', 'b']",
                     "contract = 'contracts/x.py:X'", f"name = {json.dumps(self.text())}")  # fmt: skip
            chosen = self.random.sample(parts, self.random.randint(0, 4))
            lines += {line.split()[0]: line for line in chosen}.values()
        return "\n".join(lines) + "\n"

    def repository(self) -> Case:
        """A repository, and the commands over it."""
        files: dict[str, str] = {}
        for step in self.random.sample(STEPS, self.random.randint(1, 3)):
            files |= self._step(step)
        if self.random.random() < 0.6:
            folder = self.random.choice(("", "src", "code"))
            files["launch.py"] = self.programs.launcher("train.py", folder)
            files["/".join(filter(None, (folder, "train.py")))] = self.programs.script()
        if self.random.random() < 0.25:
            files["launch.ipynb"] = self.notebook()
        if self.random.random() < 0.3:
            files["pyproject.toml"] = self.configuration()
        if self.random.random() < 0.2:
            files["hyperparameters.json"] = json.dumps(self.data(3))
        if self.random.random() < self.oddity:
            path = self.random.choice(list(files))
            name = path[:-3] + self.random.choice(ODD).replace("/", "_").replace("\0", "") + ".py"
            files[name] = files[path]
        links = {}
        if self.random.random() < 0.1:
            place = self.random.choice(
                ("steps/helpers.py", "loop", "src/a.bin", "contracts/x_contract.py", "a.yaml")
            )
            links[place] = self.random.choice((*LINKS, *(("|",) if self.random.random() < 0.3 else ())))
        return Case("repository", encoded(files), links, (), commands(self.random, tuple(files)))

    def _step(self, step: str) -> dict[str, str]:
        form = self.random.choice(("python", "python", "calls", "calls", "yaml", "json", "step"))
        script = {f"scripts/{step}.py": self.programs.script()} if self.random.random() < 0.8 else {}
        if form == "calls":
            return self.python_calls(step) | script
        if form == "step":
            return {f"steps/{step}.step.yaml": self.yaml(self.step_file(step))} | script
        contract, specification = self.contract(f"{step}.py"), self.specification(step)
        if form == "python":
            files = {
                f"contracts/{step}_contract.py": self.python_table(f"{step.upper()}_CONTRACT", contract),
                f"specs/{step}_spec.py": self.python_table(f"{step.upper()}_SPEC", specification),
            }
            if self.random.random() < 0.3:
                flow = {"source": "/opt/ml/model", "consumers": [self.text()], "destination": self.text()}
                files[f"specs/{step}_flow.py"] = (
                    f"dependencies = {self.data(3)!a}\nmodel_artifact_flow = {flow!a}\n"
                )
            return files | script
        shape = self.yaml if form == "yaml" else json.dumps
        return {
            f"contracts/{step}_contract.{form}": shape(contract),
            f"specs/{step}_spec.{form}": shape(specification),
        } | script


def commands(random: Random, files: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Command lines for a repository: the check in JSON and in another format, and two other verbs."""
    from training_alignment.check_options import FORMATS

    paths = [path for path in files if not path.startswith("-") and "\0" not in path]
    asked = ("--all",) if random.random() < 0.8 or not paths else (random.choice(paths),)
    other = random.choice([name for name in FORMATS if name != "json"])
    python = [path for path in paths if path.endswith((".py", ".ipynb"))] or ["train.py"]
    more = [
        ("steps", "--format", random.choice(("text", "json"))),
        ("graph", "--format", random.choice(("mermaid", "dot"))),
        ("facts", random.choice(python), "--format", random.choice(("text", "json"))),
    ]
    if random.random() < 0.02:
        more.append(("explain", random.choice(("TRN104", "TRN9", "\ud800", "TRN1 04")), "--format", "json"))
    checks = [("check", *asked, "--format", form) for form in ("json", other)]
    return (*checks, *random.sample(more, 2))


def encoded(files: dict[str, str]) -> dict[str, bytes]:
    """Texts as bytes; what UTF-8 does not have becomes bytes that are none."""
    return {path: text.encode("utf-8", "surrogatepass") for path, text in files.items()}
