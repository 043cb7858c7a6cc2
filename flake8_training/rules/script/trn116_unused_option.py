"""TRN116: a declared option is never used.

The parsed options are followed through names, attributes, parameters and results of the program's own functions. Where
they go as a whole into something else (a file, a tracker, a library, an unknown caller), any option may be read there:
then no option is reported. To print or log all of them is no use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.inputs.options import Option
from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.sagemaker.variables import CHANNEL_PREFIX, HYPERPARAMETER_PREFIX, judge_variable
from flake8_training.script import Script
from flake8_training.script.hyperparameter_options import spelling
from flake8_training.script.namespaces import Namespaces

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope


class UnusedOption(Rule[Script]):
    """Reports an option whose value the script never reads."""

    code = "TRN116"
    severity = Severity.WARNING
    summary = "a declared option is never used"
    why = """
        A launcher that sets the option gets the same training as without it, and nothing fails. A tuning job searches
        over a hyperparameter that has no effect, or the path of a channel is declared while the data comes from
        elsewhere.
    """
    fix = """
        Use the option's value, or remove the option and its hyperparameter in the launcher.
    """
    reported_when = (
        "no module of the script reads an `argparse` option: neither as an attribute, nor with `getattr`, "
        "nor as a key of `vars(args)`",
        "the function of a click, typer or fire command never reads the option's parameter",
    )
    not_reported_when = (
        Condition(
            "all options together go to code that is not available, to a file or to a tracker of experiments; "
            "to print or log them is no use",
            suppressed={
                "import os\n": "import json\nimport os\n",
                "    args = parser.parse_args()\n": (
                    "    args = parser.parse_args()\n"
                    '    json.dump(vars(args), open(os.path.join(os.environ["SM_MODEL_DIR"], "options.json"), "w"))\n'
                ),
            },
            reported={
                "import os\n": "import json\nimport os\n",
                "    args = parser.parse_args()\n": (
                    "    args = parser.parse_args()\n    print(json.dumps(vars(args)))\n"
                ),
            },
        ),
        Condition(
            "the option is hidden from the help, or is `--local_rank` or `--mp_parameters`, which a launcher of "
            "processes passes",
            suppressed={"default=0.3)  # TRN116": "default=0.3, help=argparse.SUPPRESS)"},
            reported={"default=0.3)  # TRN116": 'default=0.3, help="no argparse.SUPPRESS")  # TRN116'},
        ),
        Condition(
            "the option is `--model_dir`, and the script imports TensorFlow or Keras: the TensorFlow estimator "
            "passes it",
            suppressed={
                "import pandas": "import keras\nimport pandas",
                '"--eta", type=float, default=0.3)  # TRN116': '"--model_dir")',
                "data = pd": "keras.utils.set_random_seed(1)\n    data = pd",
            },
            reported={
                "import pandas": "import keras_model\nimport pandas",
                '"--eta", type=float, default=0.3)  # TRN116': '"--model_dir")  # TRN116',
            },
        ),
        Condition(
            "the default is a variable that SageMaker sets, other than a channel's: options that SageMaker's examples "
            "declare, such as `--hosts`",
            suppressed={
                '"--eta", type=float, default=0.3)  # TRN116': '"--hosts", default=os.environ.get("SM_HOSTS"))'
            },
            reported={
                '"--eta", type=float, default=0.3)  # TRN116': '"--hosts", default=os.environ.get("HOSTS"))  # TRN116'
            },
        ),
        Condition(
            "the argument is the first positional one: SageMaker starts an image of the user's own with `train`",
            suppressed={'"--eta", type=float, default=0.3)  # TRN116': '"mode")'},
            reported={'"--eta", type=float, default=0.3)  # TRN116': '"--mode", default="train")  # TRN116'},
        ),
        Condition(
            "the script calls `exec`, `eval` or `globals`",
            suppressed={
                "    args = parser.parse_args()\n": (
                    '    args = parser.parse_args()\n    exec(open("settings.py").read())\n'
                )
            },
            reported={
                "    args = parser.parse_args()\n": (
                    '    args = parser.parse_args()\n    print("exec(args.eta)")\n'
                )
            },
        ),
    )
    missed = ("the option is only printed or logged by itself, `print(args.eta)`: then it counts as used",)
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--eta", type=float, default=0.3)  # TRN116
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--eta", type=float, default=0.3)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, learning_rate=args.eta)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each option that the script never reads."""
        for option in unused_options(subject.analysis):
            name = spelling(option) if option.flags else option.name
            yield self.finding(
                subject,
                option.node,
                f"nothing reads {name} (args.{option.dest}), so its value changes nothing",
            )


# Options that a library or a launcher passes to the script, so that it must accept them, used or not.
_INJECTED = frozenset(
    {
        "local_rank",  # torch.distributed.launch (torch 2.4, distributed/launch.py)
        "mp_parameters",  # smdistributed.modelparallel (sagemaker 2.257.7, fw_utils.py)
    }
)

_INJECTED_FOR_TENSORFLOW = "model_dir"  # sagemaker 2.257.7, tensorflow/estimator.py

_TENSORFLOW = ("tensorflow", "keras", "tf_keras")


def unused_options(analysis: Analysis) -> list[Option]:
    """Return the options of the script's own file that the program never reads, in the order of their lines."""
    if analysis.is_dynamic:
        note_unknown(Reason.DYNAMIC, 1, weak=True)
        return []
    # SageMaker starts an image of the user's own with the one argument ``train``, which the parser must accept.
    first_position = next((o for o in analysis.live_options if o.source == "argparse" and not o.flags), None)
    declared = [
        option
        for option in analysis.live_options
        if option.module is analysis.program.entry
        and not option.suppressed
        and option.action_name not in ("help", "version")
        and not _is_injected(analysis, option)
        and not _is_set_by_sagemaker(analysis, option)
        and option is not first_position
    ]
    found = [o for o in declared if o.source in ("click", "typer", "fire") and not _is_parameter_read(o)]
    parsed = [option for option in declared if option.source == "argparse"]
    if parsed:
        namespaces = Namespaces(analysis)
        note_question(len(parsed))
        if not namespaces.is_followed:
            note_unknown(Reason.CODE, parsed[0].line, what="parsed options")
        if namespaces.is_followed:
            found += [o for o in parsed if o.dest not in namespaces.read]
    return sorted(found, key=lambda option: option.line)


def _is_injected(analysis: Analysis, option: Option) -> bool:
    if option.dest in _INJECTED:
        return True
    return option.dest == _INJECTED_FOR_TENSORFLOW and any(
        name.partition(".")[0] in _TENSORFLOW for name, _ in analysis.program.imports
    )


def _is_set_by_sagemaker(analysis: Analysis, option: Option) -> bool:
    """Return whether the default reads a variable that SageMaker sets, other than a channel's: no launcher sets it."""
    if option.default is None:
        return False
    inside = {id(node) for node in ast.walk(option.default)}
    names = [read.name for read in analysis.environment.reads if id(read.node) in inside]
    return any(judge_variable(name).kind == "set" for name in names) and not any(
        name.startswith((CHANNEL_PREFIX, HYPERPARAMETER_PREFIX)) for name in names
    )


def _is_parameter_read(option: Option) -> bool:
    """Return whether the function of a command reads the parameter that receives an option."""
    module = option.module
    for scope in module.scopes:
        node = scope.node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        mine = any(option.node is d for d in node.decorator_list) or any(
            option.node is argument
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        )
        if not mine:
            continue
        if node.args.kwarg is not None or option.dest not in scope.bindings:
            return True
        inside = [s for s in module.scopes if s is scope or _stands_in(s, scope)]
        return any({option.dest, "locals", "vars"} & (s.loads | s.guarded_loads) for s in inside)
    return True


def _stands_in(scope: Scope, outer: Scope) -> bool:
    current = scope.parent
    while current is not None and current is not outer:
        current = current.parent
    return current is outer
