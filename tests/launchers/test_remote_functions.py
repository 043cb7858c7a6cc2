"""``@remote``, ``@step`` and ``RemoteExecutor``: instance settings and unknown arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alignment import check
from tests.harness import flake8, write
from tests.rules.marked import assert_marked

FORMS = {
    "remote": "from sagemaker.remote_function import remote\n@remote({})\ndef train(rows):\n    return len(rows)\n",
    "module": "import sagemaker.remote_function\n@sagemaker.remote_function.remote({})\ndef train():\n    pass\n",
    "step": "from sagemaker.workflow.function_step import step\n@step({})\ndef train(rows):\n    return len(rows)\n",
    "alias": "from sagemaker.workflow.function_step import step as job\n@job({})\ndef train():\n    pass\n",
    "call": "from sagemaker.remote_function import remote\nlonger = remote(len, {})\n",
    "executor": "from sagemaker.remote_function import RemoteExecutor\nwith RemoteExecutor({}) as e:\n    pass\n",
    "settings": (
        "from sagemaker.remote_function import remote\nSETTINGS = dict({})\n@remote(**SETTINGS)\ndef f():\n    pass\n"
    ),
    "v3": "from sagemaker.core.remote_function import remote\n@remote({})\ndef train():\n    pass\n",
}
RIGHT = 'instance_type="ml.m5.xlarge", instance_count=2, volume_size=50, dependencies="requirements.txt"'
WRONG = {
    "TRN211": (
        'instance_type="ml.m5.xlagre"',
        'instance_type="ml.m5.xlarge", instance_count=0',
        "volume_size=0",
    ),
    "TRN403": ('instance_typ="ml.m5.xlarge"', 'dependancies="requirements.txt"', "volume_sizes=50"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", WRONG)
def test_wrong(form: str, code: str) -> None:
    for arguments in WRONG[code]:
        lines = FORMS[form].format(arguments).splitlines()
        marked = (f"{line}  # {code}" if arguments in line else line for line in lines)
        assert_marked(code, "\n".join(marked) + "\n")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", WRONG)
def test_right(form: str, code: str) -> None:
    for arguments in (RIGHT, 'instance_type="local"', "instance_type=name()", "**settings()"):
        if form != "settings" or not arguments.startswith("**"):
            assert_marked(code, FORMS[form].format(arguments))


def test_a_step_has_no_working_folder() -> None:
    folder = "include_local_workdir=True"
    assert_marked("TRN403", FORMS["remote"].format(folder))
    marked = FORMS["step"].replace("@step({})", "@step({})  # TRN403")
    assert_marked("TRN403", marked.format(folder))
    # The table of v3 may be older than the SDK.
    assert_marked("TRN403", FORMS["v3"].format("telemetry=True"))


@pytest.mark.parametrize(
    "other",
    [
        "from mine import remote\n@remote({})\ndef train():\n    pass\n",
        "import sagemaker\nfrom mine import step\n@step({})\ndef train():\n    pass\n",
        "from sagemaker.remote_function import CustomFileFilter\noptimizer.step({})\n",
    ],
)
def test_another_function_of_the_name(other: str) -> None:
    for code, several in WRONG.items():
        for arguments in several:
            assert_marked(code, other.format(arguments))


def test_the_command_and_flake8_agree(tmp_path: Path) -> None:
    write(tmp_path, {"job.py": FORMS["remote"].format('instance_type="ml.m5.xlagre"')})
    expected = [("job.py", 2, "TRN211")]
    assert check("--select=TRN211", folder=tmp_path).places == expected
    assert flake8("--select=TRN211", "job.py", folder=tmp_path).places == expected
