"""TRN416: an estimator without a role, or with a value that is no role.

Source: botocore's ``RoleArn``; sagemaker 2.257.7 ``session.py: expand_role`` (the SDK looks up a string without ``/``
as a role's name and uses any other as an ARN), ``estimator.py`` (no role raises).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_training.engine.values.values import Constant
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.placeholders import is_placeholder
from flake8_training.launcher.sdk_classes import is_trainer
from flake8_training.launcher.sdk_objects import Request, SdkObject
from flake8_training.pattern import pattern
from flake8_training.record import replace
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_call, at_value, is_left_out, of_one_class
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.constraints import constraint
from flake8_training.sagemaker.images import is_dummy_account
from flake8_training.sagemaker.signatures import is_subclass
from flake8_training.spelling import closest

_MISSING = "the role is missing"


class WrongRole(LauncherRule):
    """Reports estimators without a role, and roles that are neither an ARN of a role nor a name."""

    code = "TRN416"
    severity = Severity.ERROR
    summary = "the role is not valid"
    other_summaries = (_MISSING,)
    why = """
        A training job runs under an IAM role. The SDK looks up a name, and passes an ARN unchanged. The service refuses
        the ARN of a user or policy, and one whose account has not twelve digits, when the job is created. If neither
        the launcher nor the SDK's configuration file sets a role, SDK v2 raises `ValueError: An AWS IAM role is
        required to create an estimator.`
    """
    fix = """
        Pass the ARN of a role: `arn:aws:iam::<12 digits>:role/<name>`.
    """
    warning_when = (
        "the role is an empty string, or its account is a number such as 123123 that stands for another: its author "
        "fills it in before the first job",
    )
    reported_when = (
        "an estimator of SDK v2 has no `role`",
        "the role is the ARN of something else, or its account has not twelve digits",
        "the role is empty, or a string that is neither a name nor an ARN",
        "such an ARN is the default of an option or an environment variable",
        "a `create_training_job` request, or a definition in a `create_hyper_parameter_tuning_job` request, has "
        "no `RoleArn`, or a role's name for it",
        "an ARN in `required_config` is not a role's (commit hook)",
    )
    not_reported_when = (
        Condition(
            "the role is unknown, such as `self.role` or a parameter",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                (
                    '    role="arn:aws:iam::123456789012:user/trainer",  # TRN416\n'
                ): "    role=options.ROLE,\n",
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": "print(options.ROLE)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the role is a placeholder, such as `<your role>` or `arn:aws:iam::ACCOUNT:role/name`",
            suppressed={'"arn:aws:iam::123456789012:user/trainer",  # TRN416': '"<your role>",'},
            reported={
                "user/trainer": "user/role-of-yours",
            },
        ),
        Condition(
            "the SDK's configuration file may set the role: the launcher loads it or sets its variable, only tests "
            "reach the estimator, or none of the several estimators has a role (missing roles only)",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sagemaker.config\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '    role="arn:aws:iam::123456789012:user/trainer",  # TRN416\n': "",
                "estimator = PyTorch(": (
                    "print(sagemaker.config.load_sagemaker_config())\nestimator = PyTorch("
                ),
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sagemaker\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '    role="arn:aws:iam::123456789012:user/trainer",  # TRN416\n': "",
                "estimator = PyTorch(": ('print("sagemaker.config")\nestimator = PyTorch(  # TRN416'),
            },
        ),
        Condition(
            "the class is `ModelTrainer` or a JumpStart estimator, which find a role themselves (missing roles "
            "only)",
            suppressed=Example(
                {
                    "launch.py": (
                        "from sagemaker.train import ModelTrainer\n"
                        "\n"
                        'ModelTrainer(training_image="ours").train()\n'
                    )
                }
            ),
            reported={
                'ours").train()': 'ours", role="arn:aws:iam::123456789012:user/trainer").train()  # TRN416',
            },
        ),
        Condition(
            "the job may run in local mode, which accepts any string that is neither empty nor an ARN",
            suppressed={
                (
                    '    role="arn:aws:iam::123456789012:user/trainer",  # TRN416\n'
                ): '    role="trainer role",\n',
                '"ml.g5.xlarge"': '"local"',
            },
            reported={
                (
                    '    role="arn:aws:iam::123456789012:user/trainer",  # TRN416\n'
                ): '    role="trainer role",  # TRN416\n',
                "estimator = PyTorch(": 'print("local")\nestimator = PyTorch(',
            },
        ),
        Condition(
            "the argument may come from `**kwargs` that cannot be resolved, or the program assigns the "
            "attribute afterwards",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                (
                    '    role="arn:aws:iam::123456789012:user/trainer",  # TRN416\n'
                ): "    **options.SETTINGS,\n",
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '    role="arn:aws:iam::123456789012:user/trainer",  # TRN416\n': "",
                "estimator = PyTorch(": ("print(options.SETTINGS)\nestimator = PyTorch(  # TRN416"),
            },
        ),
        NOT_IN_TESTS,
    )
    missed = ("an argument that is `None` through a field, or through a default that no call replaces",)
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role="arn:aws:iam::123456789012:user/trainer",  # TRN416
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role="arn:aws:iam::123456789012:role/trainer",
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each missing or wrong role."""
        yield from wrong_roles(launcher)


_ROLE_NAME = pattern(r"(?a)[\w+=,.@-]{1,64}")

# Variables that name the SDK's configuration file, which may define the role (sagemaker 2.257.7 config/config.py).
_OVERRIDES = frozenset({"SAGEMAKER_USER_CONFIG_OVERRIDE", "SAGEMAKER_ADMIN_CONFIG_OVERRIDE"})

# An account that the reader of an example fills in: "account", "ACCOUNT_ID".
_UNFILLED = pattern(r"(?s)arn:aws[a-z-]*:iam::(?!\d*:)[^:/]*:role/.*")


def wrong_roles(launcher: Launcher) -> Iterator[Problem]:
    """Yield the estimators without a role, and the invalid roles."""
    estimators = list(of_one_class(launcher))
    # A launcher that never passes a role, or a test, has the role in the SDK's configuration file.
    never = len({id(one.node) for one in estimators}) > 1 and all(
        is_left_out(one, "role") for one in estimators
    )
    has_defaults = never or _uses_configuration(launcher)
    for estimator in estimators:
        fills_in = has_defaults or launcher.is_test(estimator.node) or _finds_a_role(estimator)
        if not fills_in and is_left_out(estimator, "role"):
            yield at_call(estimator, f"{estimator.name}() has no argument role", _MISSING)
        yield from _wrong(estimator)
    for request in launcher.requests:
        yield from _of_request(launcher, request)


def _finds_a_role(sdk_object: SdkObject) -> bool:
    """Return whether the class finds a role itself."""
    return is_trainer(sdk_object.class_name) or is_subclass(
        sdk_object.class_name, "sagemaker.jumpstart.estimator.JumpStartEstimator"
    )


_CONFIGURATION = ("sagemaker.config", "sagemaker.core.config")


def _uses_configuration(launcher: Launcher) -> bool:
    """Return whether a launcher loads the SDK's configuration, or names its file."""
    if launcher.module.uses_import(lambda dotted: dotted.startswith(_CONFIGURATION)):
        return True
    return launcher.mentions(*_OVERRIDES) and any(
        isinstance(node, ast.Constant) and node.value in _OVERRIDES for node in ast.walk(launcher.tree)
    )


def _of_request(launcher: Launcher, request: Request) -> Iterator[Problem]:
    for job in request.jobs:
        if job.lacks("RoleArn") and "RoleArn" not in {closest(name, ["RoleArn"]) for name in job.names}:
            detail = f"{request.operation} has no RoleArn"
            yield Problem(request.node, detail, request.node, summary=_MISSING)
    for expression in request.at("RoleArn"):
        role = expression.text
        if role is None:
            continue
        reason = judge_role(role)
        if reason is None and ":" not in role and not is_placeholder(role):
            reason = f"{role!r} is a role's name, and the request needs the role's ARN"
        if reason is not None:
            place = launcher.literal(expression, role, request.node)
            yield Problem(place, reason, request.node, _severity(role))


def _wrong(sdk_object: SdkObject) -> Iterator[Problem]:
    argument = sdk_object.get("role")
    if argument is None or "role" in sdk_object.overridden:
        return
    # If there are several values, one may be for another purpose: local mode, a dry run.
    value = argument.expression.by_default
    reason = judge_role(value) if isinstance(value, str) else None
    if reason is None:
        return
    # The constructor raises for an empty role, also in local mode (sagemaker 2.257.7, estimator.py).
    if value == "" and not _finds_a_role(sdk_object):
        yield at_value(sdk_object, argument.expression, value, reason)
        return
    if _is_local(sdk_object):
        return
    if str(value).startswith("arn:") or not _may_be_local(sdk_object):
        yield replace(at_value(sdk_object, argument.expression, value, reason), severity=_severity(value))


def _severity(role: object) -> Severity | None:
    """Return the severity of a role that its author fills in before the first job; None for the rule's own."""
    if not isinstance(role, str):
        return None
    parts = role.split(":")
    if len(parts) == 6 and is_dummy_account(parts[4]):
        right = ":".join((*parts[:4], "111122223333", parts[5]))
        return Severity.WARNING if judge_role(right) is None else None
    return None if role.strip() else Severity.WARNING


def _is_local(sdk_object: SdkObject) -> bool:
    """Return whether the job certainly runs on this machine, which takes no role."""
    instances = sdk_object.get("instance_type")
    kinds = instances.expression.constants if instances is not None and instances.expression.is_known else ()
    return bool(kinds) and all(str(kind).startswith("local") for kind in kinds)


def _may_be_local(sdk_object: SdkObject) -> bool:
    """Return whether the job may run on this machine, where any string is a valid role."""
    instances = sdk_object.get("instance_type")
    kinds = instances.expression.values if instances is not None else ()
    return not all(isinstance(v, Constant) and not str(v.value).startswith("local") for v in kinds)


def judge_role(role: str) -> str | None:
    """Return the problem of a role's ARN or name as a short phrase, or None."""
    if is_placeholder(role) or _UNFILLED.fullmatch(role):
        return None
    if not role.strip():
        return f"{role!r} is empty"
    if role != role.strip():
        return f"{role.rpartition(':')[2]!r} {'ends' if role[-1].isspace() else 'begins'} with a space"
    if "/" not in role and ":" not in role:
        return None if _ROLE_NAME.fullmatch(role) else f"{role!r} is no name of a role"
    row = constraint("RoleArn")
    if row is None or row.pattern is None or row.pattern.fullmatch(role):
        return None
    parts = role.split(":")
    if len(parts) != 6 or parts[0] != "arn" or parts[2] != "iam":
        return f"{role!r} is neither a role's name nor an ARN"
    kind, _, name = parts[5].partition("/")
    if kind != "role" or not name:
        return f"its ARN is of {parts[5]!r}, not of a role (role/NAME)"
    if not re.fullmatch(r"\d{12}", parts[4]):
        return f"the account {parts[4]!r} of {name!r} does not have twelve digits"
    return f"the ARN of {name!r} is malformed"
