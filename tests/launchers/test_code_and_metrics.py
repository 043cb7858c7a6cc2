"""TRN406, TRN407, TRN413, TRN421, and which files are looked at."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from training_alignment.checking.run import check
from training_alignment.comparisons.launch.metrics import captures_nothing

from tests.harness import write
from tests.launchers.pairs import assert_found, findings, launcher, options, said
from tests.margin import Place

SCRIPT = options("'--epochs', type=int")
WRONG = {"launch.py": launcher(more="hyperparameters={'epoch-s': 1},"), "code/train.py": SCRIPT}


@pytest.mark.parametrize(
    ("text", "said_of_it"),
    [
        ("loss: (.*?)", "lazy"),
        ("loss: ([0-9.]*?)", "lazy"),
        ("loss: [0-9.]+", "no group"),
        ("loss: ([0-9.]+?)", ""),
        ("loss: (.*?);", ""),
        ("loss: (.*?)$", ""),
        ("loss: ([0-9.]+)", ""),
        ("loss=(.*)", ""),
        ("(?:a)(b)", "no number"),
        ("(?:a)(b|1)", ""),
        ("loss: ([a-z]+)", ""),  # "nan" is one
        ("loss: ([b-e]+|(x))", "no number"),
        ("loss: (\\w+)", ""),
        ("loss: (nan)", ""),
        ("(?:loss: ([0-9]+e-[0-9]+))?", ""),
        ("loss: (\\(.*\\))", "no number"),
        ("loss: (", ""),
        ("<><><>", ""),
    ],
)
def test_expressions(text: str, said_of_it: str) -> None:
    found = captures_nothing(text)
    assert said_of_it in found if said_of_it else found == ""


@pytest.mark.parametrize(
    ("files", "entry", "expected"),
    [
        (
            {"code/other.py": SCRIPT},
            "entry_point='train.py', source_dir='code'",
            [("launch.py", 3, "TRN406")],
        ),
        (
            {"code/deep/train.py": SCRIPT},
            "entry_point='train.py', source_dir='code'",
            [("launch.py", 3, "TRN406")],
        ),
        ({"deep/code/train.py": SCRIPT}, "entry_point='train.py', source_dir='code'", []),
        ({"code/train.py": SCRIPT}, "entry_point='scripts/train.py'", [("launch.py", 3, "TRN406")]),
        ({"deep/scripts/train.py": SCRIPT}, "entry_point='../scripts/train.py'", []),
        ({}, "entry_point='train.py', source_dir='../code'", []),
        ({"code/train.py": SCRIPT}, "entry_point='train.py'", []),
        ({}, "entry_point='train.py'", [("launch.py", 3, "TRN406")]),
        ({}, "entry_point='train.py', source_dir='s3://bucket/code.tar.gz'", []),
        ({}, "entry_point='train.py', source_dir=folder", []),
        ({}, "entry_point='train.py', source_dir='code', git_config={'repo': 'x'}", []),
        (
            {"other/train.py": SCRIPT},
            "entry_point='train.py', source_dir='code'",
            [("launch.py", 3, "TRN406")],
        ),
        (
            {"other/train.py": SCRIPT, "run.sh": "mkdir code\n"},
            "entry_point='train.py', source_dir='code'",
            [],
        ),
        ({"a/code/x.txt": "x"}, "entry_point='train.py', source_dir='code'", []),
        ({"other/train.py": SCRIPT}, "entry_point='train.py', source_dir='../code/..'", []),
        ({}, "entry_point=name", []),
        ({}, "entry_point='train.sh'", []),
        ({"image/Dockerfile": "COPY other.py /opt/ml/code/train.py\n"}, "entry_point='train.py'", []),
    ],
)
def test_entry_points(tmp_path: Path, files: dict[str, str], entry: str, expected: list[Place]) -> None:
    text = f"from sagemaker.pytorch import PyTorch\n\nestimator = PyTorch({entry})\nestimator.fit()\n"
    assert_found(tmp_path, {"launch.py": text, **files}, expected, "TRN406")


@pytest.mark.parametrize(("test", "expected"), [("False", 0), ("0", 0), ("True", 1), ("rerun", 1)])
def test_a_job_on_a_branch_that_never_runs(tmp_path: Path, test: str, expected: int) -> None:
    text = "".join(f"    {line}\n" for line in launcher().splitlines())
    found = findings(tmp_path, {"launch.py": f"from settings import rerun\nif {test}:\n{text}"}, "TRN406")
    assert len(found) == expected


def test_a_launcher_that_writes_its_script(tmp_path: Path) -> None:
    text = "open('train.py', 'w').write(text)\nfrom sagemaker.pytorch import PyTorch\nPyTorch('train.py').fit()\n"
    assert said(tmp_path, {"launch.py": text}, "TRN406") == []


NO_FOLDER = "TRN406 train.py in code, which is no folder here; it is in jobs/code"
ABSOLUTE = """
import os

from sagemaker.pytorch import PyTorch

HERE = os.path.dirname(os.path.abspath(__file__))
estimator = PyTorch(entry_point={})
estimator.fit()
"""


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("os.path.join(HERE, 'code', 'train.py')", []),
        ("os.path.join(HERE, 'code', 'trian.py')", ["TRN406 trian.py in jobs/code"]),
        (
            "os.path.join(HERE, 'cod', 'train.py')",
            ["TRN406 train.py in jobs/cod, which is no folder here; it is in jobs/code"],
        ),
        ("'train.py', source_dir=os.path.join(HERE, 'code')", []),
        ("'train.py', source_dir=os.path.join(HERE, '..', 'jobs', 'code')", []),
        ("'trian.py', source_dir=os.path.join(HERE, 'code')", ["TRN406 trian.py in jobs/code"]),
        ("'train.py', source_dir=os.path.join(HERE, '..', 'code')", [NO_FOLDER]),
        ("os.path.join(HERE, '..', '..', 'code', 'trian.py')", []),
        ("'/srv/code/trian.py'", []),
        ("'trian.py', source_dir='/srv/code'", []),
    ],
)
def test_absolute_entry_points(tmp_path: Path, entry: str, expected: list[str]) -> None:
    files = {"jobs/launch.py": ABSOLUTE.format(entry), "jobs/code/train.py": SCRIPT}
    assert said(tmp_path, files, "TRN406") == expected


def test_an_absolute_entry_point_that_the_launcher_copies(tmp_path: Path) -> None:
    copied = "import shutil\nshutil.copy('base.py', os.path.join(HERE, 'code', 'trian.py'))\n"
    text = ABSOLUTE.format("os.path.join(HERE, 'code', 'trian.py')").replace(
        "estimator =", f"{copied}estimator ="
    )
    files = {"jobs/launch.py": text, "jobs/code/train.py": SCRIPT}
    assert said(tmp_path, files, "TRN406") == []
    files["jobs/launch.py"] = text.replace("'code', 'trian.py'))\n", "'data', 'rows.csv'))\n", 1)
    assert said(tmp_path, files, "TRN406") == ["TRN406 trian.py in jobs/code"]


@pytest.mark.parametrize(
    ("entry", "script", "expected"),
    [
        ("../../src/job/train.py", "src/train.py", ["TRN406 ../../src/job/train.py"]),
        ("../../src/job/train.py", "src/job/train.py", []),
        ("../../src/job/train.py", "deep/src/job/train.py", []),
        ("../../src/job/train.py", "src/other.py", []),
        ("../../other/job/train.py", "src/train.py", []),
        ("../../train.py", "src/train.py", []),
    ],
)
def test_paths_out_of_the_repository(tmp_path: Path, entry: str, script: str, expected: list[str]) -> None:
    text = f"from sagemaker.pytorch import PyTorch\n\nPyTorch(entry_point={entry!r}).fit()\n"
    files = {"jobs/launch.py": text, script: SCRIPT}
    found = said(tmp_path, files, "TRN406")
    assert [one.partition(";")[0] for one in found] == expected


BRINGING = [
    "import subprocess\n\nsubprocess.run(['cp', 'base.py', 'code/train.py'])",
    "import subprocess\n\nsubprocess.run(['git', 'clone', 'https://host/code.git'])",
    "import subprocess\n\nsubprocess.run(['git', 'submodule', 'update'])",
    "import subprocess\n\nsubprocess.run('aws s3 cp s3://bucket/train.py code/train.py', shell=True)",
    "import subprocess\n\nsubprocess.check_call(['make', 'code'])",
    "import os\n\nos.system('cat base.py > code/train.py')",
    "import subprocess\nimport sys\n\nsubprocess.run([sys.executable, 'render.py'])",
    "import shutil\n\nshutil.copy('base.py', 'code/train.py')",
    "import shutil\n\nshutil.copytree('base', 'code')",
    "import os\nimport shutil\n\nshutil.copy('base.py', os.path.join(os.path.dirname(__file__), 'code'))",
    "from pathlib import Path\n\nPath('code/train.py').write_text('')",
    "from pathlib import Path\n\n(Path(__file__).parent / 'code' / 'train.py').write_text('')",
    "import boto3\n\nboto3.client('s3').download_file('bucket', 'key', 'code/train.py')",
    "import zipfile\n\nzipfile.ZipFile('code.zip').extractall()",
    "from urllib.request import urlretrieve\n\nurlretrieve('https://host/train.py', 'code/train.py')",
    "import os\n\nos.chdir('elsewhere')",
    "import renderer\n\nrenderer.render('base.j2', 'code/train.py')",
    "import renderer\n\nTARGET = 'code/' + 'train.py'\nrenderer.render('base.j2', TARGET)",
    "import renderer\n\n\ndef render(name):\n    renderer.render(f'code/{name}')\n\n\nrender(input())",
    "import boto3\n\nboto3.resource('s3').Bucket('b').download_file('key', 'code/train.py')",
    "import boto3\n\nboto3.resource('s3').Object('b', 'key').download_file('code/train.py')",
    "import storage\n\nstorage.client().download_file('bucket', 'key', 'code/train.py')",
    "import storage\n\nstorage.folder('code/train.py').write_text('')",
    "import subprocess\n\nsubprocess.run(['poetry', 'run', 'render'])",
    "import subprocess\n\nsubprocess.run(['python', 'render.py', 'run'])",
    "def fetch(target):\n    with open(target, 'w') as stream:\n        stream.write('')\n\n\nfetch('code/train.py')",
]
UNRELATED = [
    "import subprocess\n\nsubprocess.run(['git', 'status'])",
    "import subprocess\n\nsubprocess.run(['pip', 'install', 'sagemaker'])",
    "import subprocess\n\nsubprocess.run(['git', 'clone', 'https://host/data.git', 'data'])",
    "import subprocess\n\nsubprocess.run(['cp', 'a.csv', 'data/a.csv'])",
    "import subprocess\n\nsubprocess.run('aws s3 cp data/a.csv s3://bucket/a.csv', shell=True)",
    "import os\n\nos.makedirs('logs', exist_ok=True)",
    "import os\n\nos.system('echo started > log.txt')",
    "import shutil\n\nshutil.copy('a.csv', 'data/a.csv')",
    "settings = {'a': 1}\nother = settings.copy()",
    "from pathlib import Path\n\nPath('data/notes.txt').write_text('')",
    "import boto3\n\nboto3.client('s3').download_file('bucket', 'key', 'data/a.csv')",
    "import zipfile\n\nzipfile.ZipFile('data.zip').extractall('data')",
    "class Caller:\n    def call(self):\n        return 1\n\n\nCaller().call()",
    "import renderer\n\nrenderer.render('base.j2', 'data/page.html')",
    "with open('train.log', 'w') as stream:\n    stream.write('')",
    "print('code/train.py')",
    "import subprocess\n\ndef prepare():\n    subprocess.run(['sh', 'prepare.sh'])",
    "import wget\n\nwget.download('https://host/data.csv')",
    "import wiki\n\nwiki.page('Home').write_text('started')",
    "import wiki\n\nfor page in wiki.pages():\n    page.write_text('started')",
    "import storage\n\nstorage.client().download_file('bucket', 'key', 'data/a.csv')",
    "import storage\n\nstorage.archive('data').extractall()",
    "import boto3\n\nboto3.resource('s3').Object('b', 'key').download_file('data/a.csv', {})",
    "import renderer\n\n\ndef prepare():\n    renderer.render('base.j2', 'code/train.py')",
    "import renderer\n\n\ndef render(name):\n    renderer.render(f'data/{name}')\n\n\nrender(input())",
]


@pytest.mark.parametrize("code", BRINGING)
def test_a_launcher_that_may_bring_its_script(tmp_path: Path, code: str) -> None:
    files = {"launch.py": f"{code}\n{launcher()}", "code/other.py": SCRIPT, "fetch.sh": "true\n"}
    assert said(tmp_path, files, "TRN406") == []


@pytest.mark.parametrize("code", UNRELATED)
def test_a_launcher_that_brings_something_else(tmp_path: Path, code: str) -> None:
    files = {"launch.py": f"{code}\n{launcher()}", "code/other.py": SCRIPT}
    assert said(tmp_path, files, "TRN406") == ["TRN406 train.py in code"]


@pytest.mark.parametrize(
    ("name", "text", "brings"),
    [
        ("build.sh", "cp base.py code/train.py\n", True),
        ("Makefile", "all:\n\tcurl -o code/train.py https://host/train.py\n", True),
        ("image/Dockerfile", "COPY base.py /opt/ml/code/train.py\n", True),
        ("todo.yaml", "todo: rename train.py\n", False),
        ("run.sh", "# cp base.py train.py\n", False),
        ("run.sh", "cp pretrain.py code/\n", False),
        ("Makefile", "train:\n\tpython -u training/train.py --epochs 3\n", False),
        ("Makefile", "all:\n\tpython build.py train.py\n", True),
        ("settings.json", '{"entry_point": "train.py"}', False),
    ],
)
def test_another_file_that_may_bring_the_script(tmp_path: Path, name: str, text: str, brings: bool) -> None:
    files = {"launch.py": launcher(), "code/other.py": SCRIPT, name: text}
    assert said(tmp_path, files, "TRN406") == ([] if brings else ["TRN406 train.py in code"])


def test_a_file_that_git_ignores(tmp_path: Path) -> None:
    files = {
        "launch.py": launcher(),
        "code/other.py": SCRIPT,
        "code/train.py": SCRIPT,
        ".gitignore": "train.py\n",
    }
    write(tmp_path, files)
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    assert said(tmp_path, {}, "TRN406") == []


@pytest.mark.parametrize(
    ("requested", "expected"),
    [("code/train.py", True), ("src/train.py", False), ("code/other.py", False), ("launch.py", True)],
)
def test_a_missing_entry_point_concerns_what_may_be_meant(
    tmp_path: Path, requested: str, expected: bool
) -> None:
    files = {
        "jobs/launch.py": launcher(),
        "jobs/code/other.py": SCRIPT,
        "jobs/src/train.py": SCRIPT,
        "old/train.py": SCRIPT,
    }
    write(tmp_path, {**files, "jobs/src/deep/train.py": SCRIPT})
    found = check([tmp_path / "jobs" / requested], root=tmp_path, select="TRN406")
    assert bool(found) is expected


@pytest.mark.parametrize("where", ["launch.py", "jobs/launch.py", "a/b/launch.py"])
def test_paths_are_those_of_a_folder_above(tmp_path: Path, where: str) -> None:
    files = {where: WRONG["launch.py"], "code/train.py": SCRIPT}
    assert [f.path for f in findings(tmp_path, files, "TRN410")] == [where]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("launch.py", [("launch.py", 12, "TRN410")]),
        ("code/train.py", [("launch.py", 12, "TRN410")]),
        ("other.py", []),
    ],
)
def test_both_sides_lead_to_the_other(tmp_path: Path, asked: str, expected: list[Place]) -> None:
    files = {**WRONG, "other.py": "print(1)\n"}
    assert_found(tmp_path, files, expected, "TRN410", check_only=asked)


def test_the_script_of_a_launcher_is_a_training_script(tmp_path: Path) -> None:
    script = options("'--epochs', type=bool", more="print(args)\n")
    files = {"launch.py": launcher(), "code/train.py": script}
    assert [f.path for f in findings(tmp_path, files, "TRN113", check_only="launch.py")] == ["code/train.py"]


@pytest.mark.parametrize(
    ("entry", "script", "expected"),
    [
        ("entry_point='code/train.py'", "import network\n", [("launch.py", 3, "TRN407")]),
        ("entry_point='train.py', source_dir='code'", "import network\n", []),
        ("entry_point='code/train.py', dependencies=['code/network.py']", "import network\n", []),
        ("entry_point='code/train.py', **more", "import network\n", []),
        ("entry_point='code/train.py'", "try:\n    import network\nexcept ImportError:\n    pass\n", []),
        ("entry_point='code/train.py'", "import numpy\n", []),
        ("entry_point='code/train.py'", "import sys\nif len(sys.argv) > 3:\n    import network\n", []),
        (
            "entry_point='code/train.py'",
            "def main():\n    import network\n\nmain()\n",
            [("launch.py", 3, "TRN407")],
        ),
        ("entry_point='code/train.py', source_dir='.'", "import network\n", []),
    ],
)
def test_modules_that_are_not_sent(tmp_path: Path, entry: str, script: str, expected: list[Place]) -> None:
    text = f"from sagemaker.pytorch import PyTorch\n\nestimator = PyTorch({entry})\nestimator.fit()\n"
    files = {"launch.py": text, "code/train.py": script, "code/network.py": "SIZE = 1\n"}
    assert_found(tmp_path, files, expected, "TRN407")


@pytest.mark.parametrize(
    ("files", "detail"),
    [
        ({"src/train.py": ""}, "train.py in code, which is no folder here; it is in src"),
        ({"src/train.py": "", "code/other.py": ""}, "train.py in code"),
        ({"src/train.py": "", "old/code/other.py": ""}, ""),
        ({"src/train.py": "", "new/train.py": ""}, "train.py in code, which is no folder here"),
        ({"src/train.py": "", "build.sh": "cp -r src code\n"}, ""),
        (
            {"src/train.py": "", "build.sh": "echo no code here\n"},
            "train.py in code, which is no folder here; it is in src",
        ),
        ({}, "train.py in code, which is no folder here"),
    ],
)
def test_a_folder_that_is_not_there(tmp_path: Path, files: dict[str, str], detail: str) -> None:
    found = said(tmp_path, {"scripts/launch.py": launcher(), **files}, "TRN406")
    assert found == ([f"TRN406 {detail}"] if detail else [])


PACKAGE = {"setup.py": "", "churn/__init__.py": "", "code/train.py": "import churn\n"}


@pytest.mark.parametrize(
    ("more", "files", "expected"),
    [
        ("", {}, [("launch.py", 3, "TRN407")]),
        (", image_uri='i'", {}, []),
        (", image_uri='i'", {"setup.py": None, "setup.cfg": ""}, []),
        (", image_uri='i'", {"setup.py": None}, [("launch.py", 3, "TRN407")]),
        (", source_dir='code'", {}, [("launch.py", 3, "TRN407")]),
        (", source_dir='code'", {"code/requirements.txt": "churn\n"}, []),
    ],
)
def test_a_package_that_may_be_installed(
    tmp_path: Path, more: str, files: dict[str, str | None], expected: list[Place]
) -> None:
    entry = "train.py" if "source_dir" in more else "code/train.py"
    text = (
        "from sagemaker.pytorch import PyTorch\n\n"
        f"estimator = PyTorch(entry_point='{entry}'{more})\nestimator.fit()\n"
    )
    merged = {"launch.py": text, **PACKAGE, **files}
    there = {name: content for name, content in merged.items() if content is not None}
    assert_found(tmp_path, there, expected, "TRN407")


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("from tuning import Backend\nBackend(estimator)\n", []),
        ("import tuning\ntuning.run(backend=estimator)\n", []),
        (
            "from sagemaker.workflow.steps import TrainingStep\nTrainingStep('t', estimator=estimator)\n",
            [("launch.py", 3, "TRN407")],
        ),
        ("print(estimator)\n", [("launch.py", 3, "TRN407")]),
        ("def start(one):\n    one.fit()\n\nstart(estimator)\n", [("launch.py", 3, "TRN407")]),
    ],
)
def test_an_estimator_given_to_other_code_may_be_sent_more(
    tmp_path: Path, use: str, expected: list[Place]
) -> None:
    text = f"from sagemaker.pytorch import PyTorch\n\nestimator = PyTorch(entry_point='code/train.py')\n{use}"
    files = {"launch.py": text, "code/train.py": "import network\n", "code/network.py": "SIZE = 1\n"}
    assert_found(tmp_path, files, expected, "TRN407")


TUNER = """
from sagemaker.tuner import HyperparameterTuner, IntegerParameter

tuner = HyperparameterTuner(estimator, {objective}, {{"epochs": IntegerParameter(1, 3)}}{more})
"""
DEFINED = ', metric_definitions=[{"Name": "val:loss", "Regex": "loss: (.+)"}]'


@pytest.mark.parametrize(
    ("name", "objective", "more", "detail"),
    [
        ("PyTorch", "'val_loss'", DEFINED, "val_loss, did you mean val:loss?"),
        ("PyTorch", "'val:loss'", DEFINED, ""),
        ("PyTorch", "'val:loss'", "", "val:loss, the tuner has no metric_definitions"),
        ("XGBoost", "'validation:auc'", "", ""),
        ("PyTorch", "name", DEFINED, ""),
        ("PyTorch", "'x'", ", metric_definitions=metrics", ""),
        ("PyTorch", "'x'", ", **more", ""),
    ],
)
def test_objectives(tmp_path: Path, name: str, objective: str, more: str, detail: str) -> None:
    text = launcher(name) + TUNER.format(objective=objective, more=more)
    found = said(tmp_path, {"launch.py": text, "code/train.py": SCRIPT}, "TRN421")
    assert found == ([f"TRN421 {detail}"] if detail else [])


@pytest.mark.parametrize(
    ("before", "mocks"),
    [
        ("from unittest import mock\n", False),
        ("import pytest\n", False),
        ("from unittest import mock\n\nsession = mock.Mock()\n", False),
        ("from unittest.mock import Mock\n", True),
    ],
)
def test_only_a_mock_that_reaches_the_job_starts_nothing(tmp_path: Path, before: str, mocks: bool) -> None:
    launch = before + WRONG["launch.py"]
    if mocks:
        launch = launch.replace("instance_count=1,", "instance_count=1,\n    sagemaker_session=Mock(),")
    found = findings(tmp_path, {**WRONG, "launch.py": launch}, "TRN410")
    assert [f.code for f in found] == ([] if mocks else ["TRN410"])


@pytest.mark.parametrize(
    ("folder", "missing"),
    [
        ("os.path.dirname(__file__) or '.'", True),
        ("str((os.path.join(os.path.dirname(__file__), 'code') or '.'))", True),
        ("os.environ.get('CODE') or 'code'", False),
    ],
)
def test_an_or_ends_at_a_value_that_is_true(tmp_path: Path, folder: str, missing: bool) -> None:
    text = "import os\n" + launcher().replace('source_dir="code"', f"source_dir={folder}")
    found = said(tmp_path, {"launch.py": text, "code/other.py": SCRIPT}, "TRN406")
    assert bool(found) is missing


NOT_SENT = "models/network.py (only the folder code is sent)"
MODULES = {
    "launch.py": launcher(),
    "code/train.py": "import network\n",
    "models/network.py": "",
}


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({}, [NOT_SENT]),
        ({"models/network.py": None, "network.py": ""}, [NOT_SENT.removeprefix("models/")]),
        (
            {"models/network.py": None, "network/__init__.py": ""},
            ["network/__init__.py (only the folder code is sent)"],
        ),
        (
            {"code/train.py": "import network\nimport losses\n", "lib/losses.py": ""},
            ["models/network.py and 1 more (only the folder code is sent)"],
        ),
        ({"models/network.py": None}, []),
        ({"code/network.py": ""}, []),
        ({"code/requirements.txt": "network\n"}, []),
        ({"code/requirements.txt": "pandas\n"}, [NOT_SENT]),
        ({"code/train.py": "import sys\nsys.path.append('/opt/ml/input/data/code')\nimport network\n"}, []),
        ({"code/train.py": "try:\n    import network\nexcept ImportError:\n    network = None\n"}, []),
        ({"code/train.py": "import os\nos.system('pip install network')\nimport network\n"}, []),
        ({"launch.py": launcher(more="environment={'PYTHONPATH': '/opt/shared'},")}, []),
        ({"launch.py": launcher(more="environment={'SHARED': 'PYTHONPATH'},")}, [NOT_SENT]),
        ({"launch.py": launcher(more="image_uri='123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1',")}, []),
        ({"models/network.py": None, "lib/yaml.py": "", "code/train.py": "import yaml\n"}, []),
    ],
)
def test_a_module_of_another_folder(
    tmp_path: Path, changes: dict[str, str | None], details: list[str]
) -> None:
    files = {path: text for path, text in {**MODULES, **changes}.items() if text is not None}
    assert said(tmp_path, files, "TRN407") == [f"TRN407 {detail}" for detail in details]
