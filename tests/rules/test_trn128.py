"""TRN128: failures that a handler catches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import launcher, notebook, said
from tests.rules.marked import assert_marked

HEAD = """
import os, sys, traceback, logging
import joblib
from sklearn.linear_model import SGDClassifier

def train():
    model = SGDClassifier()
    model.fit([[1], [2]], [0, 1])
    joblib.dump(model, "/opt/ml/model/model.joblib")

"""
XGBOOST = """
import xgboost as xgb

if __name__ == "__main__":
    try:
        model = xgb.train({}, xgb.DMatrix("/opt/ml/input/data/train"), 10)
        model.save_model("/opt/ml/model/model.json")
    except:  # TRN128
        print("failed")
"""

LOADING = """
import joblib
from sklearn.linear_model import SGDClassifier

def main():
    try:
        rows = open("/opt/ml/input/data/train/rows.csv").read()
    except Exception as error:  # TRN128
        print(error)
        return
    model = SGDClassifier()
    model.fit([rows], [0])
    joblib.dump(model, "/opt/ml/model/model.joblib")

main()
"""
LEAVING = LOADING.replace("  # TRN128", "")


@pytest.mark.parametrize(
    "script",
    [
        HEAD + "try:\n    train()\nexcept Exception as error:  # TRN128\n    print(error)\n",
        HEAD + "try:\n    train()\nexcept:  # TRN128\n    traceback.print_exc()\nprint('done')\n",
        HEAD + "try:\n    train()\nexcept (ValueError, BaseException):  # TRN128\n    pass\n",
        HEAD + "def main():\n    try:\n        train()\n    except Exception:  # TRN128\n"
        "        logging.exception('failed')\n\n"
        "if __name__ == '__main__':\n    sys.exit(main())\n",
        HEAD + "try:\n    train()\nexcept Exception as error:  # TRN128\n"
        "    with open('/opt/ml/output/failure', 'w') as stream:\n        stream.write(str(error))\n",
        HEAD
        + "def note(error):\n    print(error)\n\ntry:\n    train()\nexcept Exception as e:  # TRN128\n    note(e)\n",
        XGBOOST,
        LOADING,
        LOADING.replace("return", "return None"),
        LOADING.replace("import joblib", "import joblib, logging").replace(
            "print(error)", "logging.error(error)"
        ),
        "import logging\nlogger = logging.getLogger()\n"
        + LOADING.replace("print(error)", "logger.error(error)"),
        LOADING.replace("main()\n", "print(main())\n"),
        LOADING.replace("    model =", "    if rows:\n        print(rows)\n    model ="),
    ],
)
def test_a_failure_that_ends_as_success(script: str) -> None:
    assert_marked("TRN128", script)


@pytest.mark.parametrize(
    "script",
    [
        HEAD + "try:\n    train()\nexcept Exception:\n    traceback.print_exc()\n    raise\n",
        HEAD + "try:\n    train()\nexcept Exception:\n    sys.exit(1)\n",
        LEAVING.replace("return", "rows = ''"),
        LEAVING.replace("return", "return 1"),
        LEAVING.replace("return", "raise"),
        "import argparse\nparser = argparse.ArgumentParser()\n"
        + LEAVING.replace("print(error)", "parser.error(str(error))"),
        LEAVING.replace("Exception as", "KeyError as"),
        LEAVING.replace('model.joblib")\n', 'model.joblib")\n    return model\n'),
        LEAVING.replace("    model =", "    return rows\n\ndef train(rows):\n    model =").replace(
            "\nmain()\n", "\nrows = main()\nif rows:\n    train(rows)\n"
        ),
        HEAD + "try:\n    train()\nexcept ValueError:\n    print('failed')\n",
        HEAD + "try:\n    print('ready')\nexcept Exception:\n    print('failed')\ntrain()\n",
        HEAD
        + "for fold in range(3):\n    try:\n        train()\n    except Exception:\n        print('failed')\n",
        HEAD + "code = 0\ntry:\n    train()\nexcept Exception:\n    code = 1\nsys.exit(code)\n",
        HEAD + "def end():\n    sys.exit(1)\n\ntry:\n    train()\nexcept Exception:\n    end()\n",
        HEAD
        + "def main():\n    try:\n        train()\n        return 0\n    except Exception:\n        return 1\n\n"
        "sys.exit(main())\n",
        HEAD + "try:\n    train()\n    ready = True\nexcept Exception:\n    print('failed')\nprint(ready)\n",
        HEAD + "import tools\ntry:\n    train()\nexcept Exception as error:\n    tools.fail(error)\n",
        HEAD + "try:\n    train()\nexcept KeyboardInterrupt:\n    print('stopped')\n",
        HEAD + "def unused():\n    try:\n        train()\n    except Exception:\n        pass\n\n"
        "if __name__ == '__main__':\n    train()\n",
    ],
)
def test_failures_that_are_told_or_may_be(script: str) -> None:
    assert_marked("TRN128", script)


def test_in_a_job_and_in_a_notebook(tmp_path: Path) -> None:
    script = HEAD + "try:\n    train()\nexcept Exception as error:\n    print(error)\n"
    files = {"launch.py": launcher("SKLearn"), "code/train.py": script}
    assert len(said(tmp_path / "one", files, "TRN128")) == 1
    cells = notebook(f"%%writefile code/train.py\n{script}", launcher("SKLearn"))
    assert len(said(tmp_path / "two", {"start.ipynb": cells}, "TRN128")) == 1
