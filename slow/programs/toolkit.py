"""Reports the toolkit's handling of hyperparameters. Runs in the toolkit's environment.

The first line of standard output holds the names that the toolkit knows. Then each line of standard input is the
content of hyperparameters.json, and each line of standard output holds the script's arguments, its variables, and its
own hyperparameters.
"""

from __future__ import annotations

import json
import logging
import sys
from importlib import import_module


def main() -> None:
    """Answer until standard input ends."""
    environment = import_module("sagemaker_training.environment")
    names = vars(import_module("sagemaker_training.params")).values()
    logging.disable()
    print(json.dumps([name for name in names if isinstance(name, str)]), flush=True)
    for line in sys.stdin:
        with open(environment.hyperparameters_file_dir, "w", encoding="utf-8") as stream:
            stream.write(line)
        found = environment.Environment()
        answer = {
            "arguments": found.to_cmd_args(),
            "variables": found.to_env_vars(),
            "hyperparameters": found.hyperparameters,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
