"""Generated training scripts, local modules and launchers, in the shapes of the field."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from fuzzing.words import CHANNELS, CLASSES, FUNCTIONS, MODULES, NAMES, OPTIONS, PATHS, VARIABLES, Words

IMPORTS = """import argparse, json, os, sys, subprocess, pickle, shutil, logging
from pathlib import Path
from os import environ, path as osp
import numpy as np, pandas as pd, xgboost as xgb, lightgbm as lgb, joblib, torch, tensorflow as tf
import torch.nn as nn
from torch.utils.data import DataLoader
from sklearn.ensemble import RandomForestClassifier
from transformers import Trainer, TrainingArguments, HfArgumentParser
from dataclasses import dataclass, field
"""

ODD_PLACES = (
    "{2}: {0} = {1}",
    "{2}: {0}",
    "with {0} as ({2}, *rest), {1} as data:\n    pass",
    "for data.{2}, *rest in {0}:\n    pass",
    "async def g():\n    async for {2} in {0}:\n        await {1}\n    return [await x async for x in {0}]",
    "def g():\n    global {2}\n    {2} = yield {0}\n    yield from {1}",
    "def g(data={0}, *args, {2}: {1} = {1}, **kwargs) -> {0}:\n    nonlocal_ = {2}\n    return {2}",
    "@{0}\n@dataclass\nclass G({0}, metaclass={1}):\n    {2}: {0} = {1}\n    @{1}\n    def g(self, x: {0}): return x",
    "{2} = lambda x={0}, *args, **kwargs: {1}",
    "{2} = [*{0}, *{1}]; {2}, *rest = {2}, *rest",
    "{2} = {{**{0}, 'a': {1}, **{1}}}",
    "{2}[{0}:{1}] = {0}; del {2}[{0}], {2}.a",
    "{2}[{0}] += {1}; {2}.a |= {0}",
    "raise {0} from {1}",
    "assert {0}, {1}",
    "match {0}:\n    case [1, *rest] | {{'a': rest}}:\n        {2} = rest\n    case x if {1}:\n        pass",
    "try:\n    pass\nexcept* {0} as {2}:\n    print({1})\nelse:\n    pass\nfinally:\n    {2} = {0}",
    "while {0}:\n    break\nelse:\n    {2} = {1}",
    "print(f'{{{0}!r:>{{{1}}}}}', *{0}, **{1})",
    "if {0} < {1} is not {0}: from math import *",
    "import os.path as {2}, {2} as os",
)
"""Statements with expressions in places where training scripts rarely have any: annotations, decorators, targets."""

FRAMES = (
    "data = pd.read_csv({0})",
    "data = pd.read_csv(os.path.join({0}, {1}))",
    "data = xgb.DMatrix({0})",
    "dtrain = xgb.DMatrix(data.drop(columns={0}), label=data[{0}])",
    "model = xgb.train({0}, dtrain, {1})",
    "model = xgb.train(params, dtrain, num_boost_round=args.epochs, evals=[(dtrain, {0})])",
    "model = lgb.train({0}, lgb.Dataset(data), {1})",
    "model = RandomForestClassifier(n_estimators={0}).fit(data, data)",
    "model = nn.Linear({0}, {1})",
    "opt = torch.optim.Adam(model.parameters(), lr={0})",
    "loss = model(data); loss.backward(); opt.step()",
    "loss.backward()",
    "opt.step()",
    "model.load_state_dict(torch.load({0}))",
    "torch.save(model.state_dict(), {0})",
    "torch.save(model, os.path.join(os.environ[{0}], {1}))",
    "joblib.dump(model, {0})",
    "model.save_model({0})",
    "model.save({0})",
    "pickle.dump(model, open({0}, 'wb'))",
    "with open({0}, 'w') as stream:\n    json.dump({1}, stream)",
    "with open({0}) as stream:\n    config = json.load(stream)",
    "trainer = Trainer(model=model, args=TrainingArguments({0}, num_train_epochs={1}), train_dataset=data)",
    "trainer.train()",
    "trainer.save_model({0})",
    "model = tf.keras.Sequential([tf.keras.layers.Dense({0})]); model.compile({1})",
    "model.fit(data, epochs={0}, validation_data={1})",
    "print({0}, {1})",
    "print(f'loss {{loss:.4f}} {{{0}}}')",
    "print('accuracy: %s' % ({0},))",
    "logging.info('loss=%s', {0})",
    "subprocess.run([sys.executable, {0}, '--epochs', {1}], check=True)",
    "subprocess.check_call({0}, shell=True)",
    "os.makedirs({0}, exist_ok=True)",
    "shutil.copytree({0}, {1})",
    "os.environ[{0}] = {1}",
    "os.environ.setdefault({0}, {1})",
    "sys.path.append({0})",
    "assert {0}",
    "del {2}",
    "global {2}",
    "raise ValueError({0})",
    "return {0}",
    "yield {0}",
    "exec({0})",
    "setattr(args, {0}, {1})",
    "{2}.update({0})",
    "{2}.append({0})",
    "{2}[{0}] = {1}",
    "{2} += {0}",
    "{2}.{2} = {0}",
    "params = {{**params, {0}: {1}}}",
    "params = vars(args)",
    "params = dict(args.__dict__, **{0})",
    "for {2} in {0}:\n    {2} = {1}",
    "with {0} as {2}:\n    pass",
)


class Programs(Words):
    """Draws programs. ``modules`` are those that lie beside the program."""

    def __init__(self, random: Random, modules: tuple[str, ...] = ()) -> None:
        super().__init__(random)
        self.modules = modules
        self.names: list[str] = list(random.sample(NAMES, 5))
        self.functions: list[str] = list(random.sample(FUNCTIONS, 3))
        self.depth = random.randint(1, 4)

    # -- expressions

    def name(self) -> str:
        """A variable, most often one that is there."""
        return self.random.choice(self.names if self.random.random() < 0.9 else NAMES)

    def expression(self, depth: int | None = None) -> str:
        """An expression, at most so deep."""
        depth = self.depth if depth is None else depth
        if depth <= 0 or self.random.random() < 0.25:
            return self.leaf()
        maker: Callable[[int], str] = self.random.choice(_EXPRESSIONS).__get__(self)
        return maker(depth - 1)

    def leaf(self) -> str:
        """A name, a text, a number or a read."""
        draw = self.random.random()
        if draw < 0.4:
            return self.name()
        if draw < 0.7:
            return self.literal()
        if draw < 0.8:
            return self.number()
        if draw < 0.9:
            return f"args.{self.option().replace('-', '_')}"
        return f"os.environ[{self.random.choice(VARIABLES)!a}]"

    def option(self) -> str:
        """The name of an option, without dashes."""
        return self.random.choice(OPTIONS)

    def _environment(self, depth: int) -> str:
        forms = ("os.environ[{0}]", "os.environ.get({0})", "os.environ.get({0}, {1})", "os.getenv({0}, {1})")
        name = self.literal() if self.random.random() < 0.3 else ascii(self.random.choice(VARIABLES))
        return self.random.choice(forms).format(name, self.expression(depth))

    def _joined(self, depth: int) -> str:
        parts = [self.expression(depth) for _ in range(self.random.randint(1, 3))]
        joined = ", ".join(parts)
        forms = ("os.path.join({0})", "Path({0})", "Path({1}) / {2}", "{1} + '/' + {2}", "osp.join({0})")
        return self.random.choice(forms).format(joined, parts[0], parts[-1])

    def _formatted(self, depth: int) -> str:
        inner, other = self.name(), self.expression(depth)
        forms = (
            f"f'{{{inner}}}/{{{inner}!r}}'",
            f"'{{}}/{{}}'.format({other}, {inner})",
            f"'%s-%s' % ({other}, {inner})",
            f"'{{a}}'.format(a={other})",
            f"'%(a)s' % {other}",
            f"f'{{{inner}:{{{inner}}}}}'",
            f"'/'.join([{other}, {inner}])",
            f"f'/opt/ml/{{{inner}}}/x'",
        )
        return self.random.choice(forms)

    def _method(self, depth: int) -> str:
        forms = (
            "{0}.replace({1}, {2})", "{0}.split({1})", "{0}.strip()", "{0}.lower()", "{0}.get({1}, {2})",
            "{0}.pop({1})", "{0}.items()", "{0}.format({1})", "{0}.merge({1}).fillna(0)", "{0}.encode()",
            "{0}.parent", "{0}[{1}]", "{0}[1:]", "{0}[::-1]", "{0}.parameters()", "{0}.to({1})", "{0}.copy()",
            "{0}.joinpath({1})", "{0}.with_suffix({1})", "{0}.keys()", "{0}.{3}", "{0}.join({1})", "{0}.read()",
        )  # fmt: skip
        receiver = self.name() if self.random.random() < 0.7 else f"({self.expression(depth)})"
        inner = [self.expression(depth - 1) for _ in range(2)]
        return self.random.choice(forms).format(receiver, *inner, self.random.choice(NAMES))

    def _operation(self, depth: int) -> str:
        operator = self.random.choice(("+", "+", "*", "/", "%", "-", "or", "and", "==", "in", "|", "is not"))
        return f"({self.expression(depth)} {operator} {self.expression(depth)})"

    def _call(self, depth: int) -> str:
        function = self.random.choice(
            (*self.functions, *CLASSES, "int", "str", "float", "dict", "open", "len")
        )
        passed = [self.expression(depth) for _ in range(self.random.randint(0, 3))]
        if self.random.random() < 0.2:
            passed.append(self.random.choice((f"*{self.name()}", f"**{self.name()}", f"a={self.name()}")))
        return (
            f"{function}({', '.join(sorted(passed, key=lambda text: ('=' in text[:3]) or text[0] == '*'))})"
        )

    def _container(self, depth: int) -> str:
        items = [self.expression(depth) for _ in range(self.random.randint(0, 4))]
        if self.random.random() < 0.4:
            return self.random.choice(("[{0}]", "({0},)", "{{*[{0}]}}", "[*[{0}]]")).format(
                ", ".join(items or ["1"])
            )
        entries = [f"{self.literal()}: {item}" for item in items]
        if self.random.random() < 0.3:
            entries.append(f"**{self.name()}")
        return "{" + ", ".join(entries) + "}"

    def _branch(self, depth: int) -> str:
        parts = [self.expression(depth) for _ in range(3)]
        variable = self.random.choice(NAMES)
        forms = (
            "({0} if {1} else {2})", "(lambda {3}: {0})", "[{0} for {3} in {1}]", "{{{0}: {1} for {3} in {2}}}",
            "({3} := {0})", "next(iter({0}), {1})", "getattr({0}, {1}, {2})", "(not {0})", "sum({0} for {3} in {1})",
        )  # fmt: skip
        return self.random.choice(forms).format(*parts, variable)

    # -- statements

    def block(self, depth: int, indent: str, length: int) -> list[str]:
        """Some statements, each line indented."""
        lines: list[str] = []
        for _ in range(max(length, 1)):
            lines += [indent + line for line in self.statement(depth).split("\n")]
        return lines

    def statement(self, depth: int) -> str:
        """A statement, at most so deep."""
        draw = self.random.random()
        if draw < 0.35:
            return f"{self.name()} = {self.expression()}"
        if draw < 0.75 or depth <= 0:
            form = self.random.choice(ODD_PLACES if self.random.random() < 0.1 else FRAMES)
            return form.format(self.expression(), self.expression(2), self.name())
        body = "\n".join(self.block(depth - 1, "    ", self.size(4)))
        test, variable = self.expression(2), self.name()
        if draw < 0.79:
            return (
                f"if {test}:\n{body}\nelse:\n{body}" if self.random.random() < 0.3 else f"if {test}:\n{body}"
            )
        if draw < 0.84:
            return f"for {variable} in {self.random.choice(('range(args.epochs)', test))}:\n{body}"
        if draw < 0.86:
            return f"while {test}:\n{body}"
        if draw < 0.90:
            return f"try:\n{body}\nexcept ({self.random.choice(('Exception', 'KeyError', 'OSError'))}):\n    pass"
        if draw < 0.98:
            return self.function(depth, body)
        cases = f"    case {self.option()!a}:\n        pass\n    case {{'a': x}}:\n        pass"
        return f"match {test}:\n{cases}"

    def function(self, depth: int, body: str = "") -> str:
        """A function or a class."""
        body = body or "\n".join(self.block(depth - 1, "    ", self.size(8)))
        if self.random.random() < 0.2:
            return self.klass(depth)
        name, names = self.random.choice(self.functions), self.random.sample(NAMES, self.random.randint(0, 3))
        kinds = [f": {self.expression(2)}" if self.random.random() < 0.1 else "" for _ in names]
        typed = [f"{name}{kind}" for name, kind in zip(names, kinds, strict=True)]
        parameters = ", ".join(f"{n}={self.leaf()}" if i else n for i, n in enumerate(typed))
        if self.random.random() < 0.15:
            parameters += (", " if parameters else "") + self.random.choice(
                ("*args", "**kwargs", "*, x=None")
            )
            if len(names) and parameters.endswith("x=None") and "x" in names:
                parameters = "*args"
        prefix = self.random.choice(("", "", "", "", "async ", "@staticmethod\n", "@dataclass\n"))
        end = f"\n    return {self.expression()}" if self.random.random() < 0.6 else ""
        return f"{prefix}def {name}({parameters}):\n{body}{end}"

    def klass(self, depth: int) -> str:
        """A class of options, a module or anything."""
        name = self.random.choice(CLASSES)
        bases = self.random.choice(
            ("", "(nn.Module)", f"({self.random.choice(CLASSES)})", "(dict)", f"({name})")
        )
        fields = "\n".join(f"    {n}: str = {self.expression(2)}" for n in self.random.sample(NAMES, 2))
        body = "\n".join(self.block(depth - 1, "        ", self.size(4)))
        built = "\n".join(f"        self.{n} = {self.expression(2)}" for n in self.random.sample(NAMES, 2))
        decorated = self.random.choice(("", "@dataclass\n"))
        return f"{decorated}class {name}{bases}:\n{fields}\n    def __init__(self, {NAMES[0]}=None):\n{built}\n{body}"

    def parser(self) -> str:
        """A command line as scripts read theirs."""
        lines = ["parser = argparse.ArgumentParser()"]
        for _ in range(self.size(12)):
            name = self.text() if self.random.random() < self.oddity else self.option()
            settings = [f"default={self.expression(2)}"] if self.random.random() < 0.7 else []
            settings += self.random.sample(
                ("type=int", "type=str", "type=bool", "action='store_true'", "required=True", "nargs='+'", "dest='x'",
                 "choices=['a', 'b']", f"help={self.literal()}", "type=json.loads", "type=lambda x: x"),
                self.random.randint(0, 2),
            )  # fmt: skip
            lines.append(f"parser.add_argument({'--' + name!a}, {', '.join(settings)})".replace(", )", ")"))
        known = self.random.choice(("args = parser.parse_args()", "args, rest = parser.parse_known_args()"))
        return "\n".join([*lines, known])

    def local_imports(self) -> list[str]:
        """Imports of the modules beside the program."""
        forms = (
            "from .{0} import *", "from {0} import *", "import {0}", "from .{0} import {1}", "from {0} import {1}, {2}",
            "from . import {0}", "from {0} import {1} as {2}", "import {0} as {1}", "from .. import {0}",
        )  # fmt: skip
        drawn = self.random.choices(self.modules, k=self.random.randint(1, 3)) if self.modules else []
        names = (*self.names, *self.functions)
        return [self.random.choice(forms).format(m, *self.random.choices(names, k=2)) for m in drawn]

    # -- amplifiers: what is cheap once and dear a hundred times

    def amplifier(self, largest: int = 40) -> str:
        """Statements of one shape, each building on the last."""
        n = self.size(largest)
        shape = self.random.choice(_AMPLIFIERS)
        first = f"v0 = {self.expression(1)}\n"
        function, text = self.random.choice(self.functions), self.literal()
        lines = (shape.format(i=i, j=i + 1, f=function, t=text, n=self.name()) for i in range(n))
        end = self.random.choice(
            ("torch.save(model, v{0})", "pd.read_csv(v{0})", "print(v{0})", "p = {{**v{0}}}")
        )
        return first + "\n".join(lines) + "\n" + end.format(n)

    def recursion(self) -> str:
        """A function that calls itself, or others in a circle, many times."""
        n, width = self.random.randint(1, 4), self.size(14)
        body = self.random.choice(FRAMES[:30]).format(self.expression(2), self.expression(1), self.name())
        body = body.replace("\n", "\n    ")
        functions = []
        for i in range(n):
            calls = "\n".join(
                f"    {self.random.choice(('', 'return ', 'x = '))}r{(i + 1) % n}()" for _ in range(width)
            )
            functions.append(f"def r{i}():\n    {body}\n{calls}")
        return "\n".join(functions) + "\nr0()"

    # -- whole files

    def script(self) -> str:
        """A training script."""
        parts = [IMPORTS, *self.local_imports()]
        for _ in range(self.random.randint(0, 4)):
            parts.append(self.function(2))
        if self.random.random() < 0.25:
            parts.append(self.random.choice((self.amplifier, self.recursion))())
        main = [self.parser()] if self.random.random() < 0.8 else []
        main += [self.statement(2) for _ in range(self.size(12))]
        body = "\n".join(main)
        if self.random.random() < 0.7:
            return "\n".join([*parts, "if __name__ == '__main__':", _indented(body)]) + "\n"
        return "\n".join([*parts, body]) + "\n"

    def module(self) -> str:
        """A module that other files import."""
        parts = [IMPORTS if self.random.random() < 0.5 else "import os", *self.local_imports()]
        parts += [
            self.random.choice((self.function, self.statement))(1) for _ in range(self.random.randint(1, 4))
        ]
        return "\n".join(parts) + "\n"

    def launcher(self, script: str = "train.py", folder: str = "") -> str:
        """A program that starts a training job."""
        estimator = self.random.choice(
            ("PyTorch", "XGBoost", "TensorFlow", "SKLearn", "HuggingFace", "Estimator")
        )
        passed = {
            "entry_point": ascii(script), "role": "role", "instance_type": "'ml.m5.xlarge'", "instance_count": "1",
            "framework_version": "'2.1.0'", "py_version": "'py310'", "hyperparameters": self._hyperparameters(),
            "metric_definitions": self._metrics(), "environment": self._container(1), "max_run": self.number(),
            "source_dir": ascii(folder or "."), "output_path": self.expression(1), "distribution": self._container(2),
            "volume_size": self.number(),
        }  # fmt: skip
        for _ in range(self.size(5)):
            passed[self.random.choice(list(passed))] = self.expression()
        for name in self.random.sample(list(passed)[2:], self.random.randint(0, 5)):
            del passed[name]
        arguments = ",\n    ".join(f"{name}={value}" for name, value in passed.items())
        channels = ", ".join(
            f"{self.random.choice(CHANNELS)!a}: {self._channel()}" for _ in range(self.random.randint(0, 3))
        )
        before = "\n".join(self.statement(1) for _ in range(self.random.randint(0, 3)))
        if self.random.random() < 0.2:
            before += "\n" + self.amplifier()
        ends = (
            f"estimator.fit({{{channels}}})",
            f"step = TrainingStep(name={self.literal()}, estimator=estimator, inputs={{{channels}}})\n"
            f"pipeline = Pipeline(name='P', steps=[step])",
            f"step = TrainingStep(name='T', step_args=estimator.fit({{{channels}}}))",
            "tuner = HyperparameterTuner(estimator, 'loss', {'lr': ContinuousParameter(0.1, 1)}, "
            f"metric_definitions={self._metrics()})\ntuner.fit({{{channels}}})",
        )
        imports = (
            "import os, json, sagemaker\nfrom sagemaker.inputs import TrainingInput\n"
            "from sagemaker.workflow.steps import TrainingStep\nfrom sagemaker.workflow.pipeline import Pipeline\n"
            "from sagemaker.tuner import HyperparameterTuner, ContinuousParameter\n"
            f"from sagemaker.{estimator.lower() if estimator != 'Estimator' else 'estimator'} import {estimator}\n"
        )
        built = f"estimator = {estimator}(\n    {arguments}\n)"
        body = self.random.choice(ends)
        if self.random.random() < 0.3:
            function = f"def launch(role={self.leaf()}):\n{_indented(built)}\n{_indented(body)}\nlaunch()\n"
            return f"{imports}\n{before}\n{function}"
        return "\n".join([imports, *self.local_imports(), before, built, body]) + "\n"

    def _hyperparameters(self) -> str:
        entries = [f"{self.option()!a}: {self.expression(2)}" for _ in range(self.size(8))]
        return "{" + ", ".join(entries) + "}"

    def _metrics(self) -> str:
        atoms = (
            "[0-9.]+",
            "(.*?)",
            "loss",
            "([0-9]+)",
            "(a|b)*",
            ".*",
            r"\\s+",
            "(?P<x>a)",
            "[^,]*",
            "{1,5}",
            "(?=a)",
            "(",
        )
        texts = [
            "".join(self.random.choices(atoms, k=self.random.randint(1, 6)))
            for _ in range(self.random.randint(1, 3))
        ]
        return "[" + ", ".join(f"{{'Name': 'm{i}', 'Regex': '{t}'}}" for i, t in enumerate(texts)) + "]"

    def _channel(self) -> str:
        address = self.random.choice(
            ("'s3://bucket/train'", "step.properties.ModelArtifacts.S3ModelArtifacts", self.leaf())
        )
        return self.random.choice((f"TrainingInput({address})", f"TrainingInput(s3_data={address})", address))


_EXPRESSIONS = (
    Programs._environment,
    Programs._joined,
    Programs._joined,
    Programs._formatted,
    Programs._formatted,
    Programs._method,
    Programs._method,
    Programs._operation,
    Programs._call,
    Programs._call,
    Programs._container,
    Programs._branch,
)

_AMPLIFIERS = (
    "v{j} = v{i} + v{i}",
    "v{j} = f'{{v{i}}}/{{v{i}}}'",
    "v{j} = '%s%s' % (v{i}, v{i})",
    "v{j} = '{{}}{{}}'.format(v{i}, v{i})",
    "v{j} = os.path.join(v{i}, v{i})",
    "v{j} = v{i}.replace('/', {t})",
    "v{j} = [v{i}, v{i}]",
    "v{j} = {{'a': v{i}, 'b': v{i}}}",
    "v{j} = (*v{i}, *v{i})",
    "v{j} = {{**v{i}, 'k{i}': v{i}}}",
    "v{j} = v{i}.merge(v{i}).fillna(0)",
    "v{j} = v{i} if {n} else {t}",
    "v{j} = v{i}\nif {n} == {t}:\n    v{j} = v{i} + {t}",
    "v{j} = {f}(v{i}, v{i})",
    "v{j} = v{i}\nv{j}['k{i}'] = v{i}",
    "v{j} = dict(v{i}); v{j}.update(v{i})",
    "v{j} = v{i} * 2",
    "v{j} = lambda: v{i}() + v{i}()",
    "v{j} = v{i}\ndef g{j}():\n    return g{i}() + g{i}()",
    "v{j} = v{i}\nclass C{j}(C{i}):\n    x = C{i}.x",
    "v{j} = v{i}\nwith open({t}) as v{j}:\n    v{j} = v{j}.read() + v{i}",
    "v{j} = v{i}\nfor {n} in v{j}:\n    v{j} = v{j} + {n}",
    "v{j} = v{i}\ntry:\n    v{j} = v{i} + {t}\nexcept Exception:\n    v{j} = {f}(v{i})",
    "v{j} = v{i}\nparser = argparse.ArgumentParser(parents=[parser] * 2)\nparser.add_argument('--o{i}', default=v{i})",
    "v{j} = v{i} or v{i} or v{i}",
    "v{j} = v{i}.strip().lower() + v{i}.upper()",
    "v{j} = str(v{i}) + str(v{i})",
    "v{j} = '/'.join([v{i}, v{i}])",
    "v{j} = Path(v{i}) / v{i}",
    "v{j} = v{i}\nargs.v{j} = args.v{i} + v{i}",
)


def module_set(random: Random) -> dict[str, str]:
    """A training script and local modules, in a package or beside it, which import each other."""
    modules = tuple(random.sample(MODULES, random.randint(1, 4)))
    package = random.choice(("", "", "pkg/"))
    # a module that others import and that is not there: compiled, or generated
    absent = modules[-1] if random.random() < 0.4 else ""
    files = {f"{package}{name}.py": Programs(random, modules).module() for name in modules if name != absent}
    if package or random.random() < 0.2:
        files[f"{package}__init__.py"] = Programs(random, modules).module() if random.random() < 0.6 else ""
    programs = Programs(random, (*modules, "pkg") if package else modules)
    files["train.py" if random.random() < 0.7 else f"{package}train.py"] = programs.script()
    return files


def paths_of_a_tree(random: Random) -> str:
    """A long literal path."""
    return random.choice(PATHS) + "/a" * int(8000 ** random.random())


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))
