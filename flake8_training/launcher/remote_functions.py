"""Functions that SageMaker runs as training jobs: ``@remote``, ``RemoteExecutor`` and the pipeline steps of ``@step``.

Source: sagemaker 2.257.7 ``remote_function/client.py`` and ``workflow/function_step.py``, whose functions raise
``TypeError`` for an unknown keyword; SDK v3 has them in ``sagemaker.core`` and ``sagemaker.mlops``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from flake8_training.launcher.located_expressions import Arguments
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface

_OF_JOB = frozenset(
    "dependencies pre_execution_commands pre_execution_script environment_variables image_uri instance_count "
    "instance_type job_conda_env job_name_prefix keep_alive_period_in_seconds max_retry_attempts "
    "max_runtime_in_seconds role security_group_ids subnets tags volume_kms_key volume_size "
    "encrypt_inter_container_traffic spark_config use_spot_instances max_wait_time_in_seconds".split()
)
_OF_REMOTE = _OF_JOB | frozenset(
    "include_local_workdir custom_file_filter s3_kms_key s3_root_uri sagemaker_session disable_output_compression "
    "use_torchrun use_mpirun nproc_per_node".split()
)
PARAMETERS: Final = {
    "remote": _OF_REMOTE,
    "RemoteExecutor": _OF_REMOTE | {"max_parallel_jobs"},
    "step": _OF_JOB | {"name", "display_name", "description", "retry_policies"},
}
"""The keyword parameters of each function."""

_V2 = ("sagemaker.remote_function.", "sagemaker.workflow.function_step.")
_V3 = ("sagemaker.core.remote_function.", "sagemaker.mlops.workflow.function_step.")


class RemoteCall(Record):
    """A call that makes functions run as jobs: the name of the SDK's function, the SDK, and the arguments."""

    node: ast.Call
    name: str
    sdk: str
    arguments: Arguments


def remote_calls(launcher: LauncherInterface) -> Iterator[RemoteCall]:
    """Yield the calls of a launcher, in no order."""
    module = launcher.module
    bound = {
        name
        for scope in module.scopes
        for name, bindings in scope.bindings.items()
        if any(one.kind == "import" and one.dotted.startswith((*_V2, *_V3)) for one in bindings)
    }
    for name in sorted(bound | set(PARAMETERS)):
        for site in module.calls_by_name.get(name, ()):
            names = launcher.evaluator.names(site.node, site.scope)
            dotted = names[0] if len(names) == 1 else ""
            short = dotted.rpartition(".")[2]
            if short in PARAMETERS and dotted.startswith((*_V2, *_V3)):
                arguments = launcher.reader.arguments(site.node, site.scope, None, ("_func",))
                yield RemoteCall(site.node, short, "v2" if dotted.startswith(_V2) else "v3", arguments)
