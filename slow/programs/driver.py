"""Reports what the start script of SDK v3 passes on. Runs in the SDK's environment.

Each line of standard input is the content of hyperparameters.json. Each line of standard output holds the script's
arguments, and the variables that the shell has after it reads the driver's file; it is null if the shell fails.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

CHANNELS = ("train", "validation")
CLUSTER = {
    "current_host": "algo-1",
    "current_instance_type": "ml.m5.large",
    "hosts": ["algo-1", "algo-2"],
    "network_interface_name": "eth0",
}


def main() -> None:
    """Answer until standard input ends."""
    drivers = Path(import_module("sagemaker.train.container_drivers").__path__[0])
    sys.path[:0] = [str(drivers / "scripts"), str(drivers / "distributed_drivers")]
    os.environ["TRAINING_JOB_NAME"] = "job"
    with contextlib.redirect_stdout(io.StringIO()):
        environment: Any = import_module("environment")
        driver: Any = import_module("basic_script_driver")
    environment.read_source_code_json = lambda: {"entry_script": "train.py"}
    environment.read_distributed_json = lambda: {"process_count_per_node": 1}
    environment.logger.disabled = True
    with tempfile.TemporaryDirectory() as folder:
        written = os.path.join(folder, "sm_training.env")
        for line in sys.stdin:
            environment.set_env(CLUSTER, {name: {} for name in CHANNELS}, json.loads(line), written)
            print(json.dumps(answer(driver, written)), flush=True)


def answer(driver: Any, written: str) -> dict[str, Any] | None:
    """Return the script's arguments and variables from the driver's file; None if the shell refuses the file."""
    program = 'set -e; source "$0"; env -0'
    done = subprocess.run(["bash", "-c", program, written], capture_output=True, check=False)
    if done.returncode:
        return None
    pairs = (pair.partition(b"=") for pair in done.stdout.split(b"\0") if pair)
    variables = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
    os.environ.update({name: variables[name] for name in ("SM_HPS", "SM_ENTRY_SCRIPT")})
    own = {name: value for name, value in variables.items() if name.startswith("SM_")}
    return {"arguments": driver.create_commands()[2:], "variables": own}


if __name__ == "__main__":
    main()
