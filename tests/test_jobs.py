"""Several processes that check: the output is that of one, whatever happens to them."""

from __future__ import annotations

import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest
from training_alignment.check_options import _jobs
from training_alignment.checking import workers
from training_alignment.repository import programs
from training_alignment.repository.programs import Programs
from training_alignment.rules.step_rule import PACKAGE

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Ledger, Page, Reason
from flake8_training.record import Record
from flake8_training.rules.registry import rules
from flake8_training.source_file import Trace

ROOT = Path(__file__).parents[1]
RULES = {rule.code: rule for rule in rules(PACKAGE)}
LAUNCHER = """
from sagemaker.pytorch import PyTorch

PyTorch(entry_point="{}", role="r", instance_type="ml.m5.xlarge", instance_count=1,
    framework_version="2.1", py_version="py310").fit({{"trainin": "s3://bucket/train"}})
"""
SCRIPT = """
import os

print(os.environ["SM_CHANEL_TRAIN"])
"""
PROGRAM = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
from training_alignment.checking import units, workers
workers._LEAST = workers._BLOCK = 1
parent = os.getpid()
{}
from training_alignment.cli import main
raise SystemExit(main())
"""
CRASH = """
computed = units.Units._computed
def crashing(self, number):
    if os.getpid() != parent and number % 3 == 1:
        {}
    return computed(self, number)
units.Units._computed = crashing
"""
WINDOWS = """
import select
for module, names in (
    (os, "fork forkpty posix_spawn posix_spawnp sched_getaffinity geteuid getuid O_NOFOLLOW O_NONBLOCK mkfifo"),
    (signal, "pthread_sigmask SIGKILL"),
    (select, "poll"),
):
    for name in names.split():
        vars(module).pop(name, None)
"""
"""What the modules of Python lack there, of what is used here."""
PLAIN = ["--no-cache", "--all"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Steps, scripts that several launchers start, a launcher that another one starts, a notebook, an image, errors."""
    folder = tmp_path_factory.mktemp("jobs") / "repository"
    for name in ("demand", "churn"):
        source = ROOT / "examples" / ("good" if name == "demand" else "bad") / name
        shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    files = {f"launch_{number}.py": LAUNCHER.format("fit.py") for number in range(4)}
    files |= {
        "fit.py": SCRIPT,
        "launch_broken.py": LAUNCHER.format("broken.py"),
        "broken.py": "print(\n",
        "launch_launcher.py": LAUNCHER.format("launch_0.py"),
        "a_launch.py": LAUNCHER.format("launch_2.py"),
    }
    files |= RULES["TRN439"].bad.files
    shutil.copytree(folder / "demand", folder / "unreadable")
    (folder / "unreadable" / "demand_training.py").write_text("print(\n")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def run(folder: Path, *words: str, before: str = "", code: int = 1) -> str:
    command = [sys.executable, "-c", PROGRAM.format(before), "check", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (code, "")
    return done.stdout


@pytest.mark.parametrize("options", [[], ["--show-unknown"], ["--format", "sarif"]], ids=str)
def test_the_output_is_the_same_with_any_number_of_processes(repository: Path, options: list[str]) -> None:
    expected = run(repository, *PLAIN, *options, "--jobs", "1")
    assert all(code in expected for code in ("TRN110", "TRN002", "TRN408", "TRN439"))
    assert "unreadable/demand_training.py" in expected
    for jobs in ("2", "3"):
        assert run(repository, *PLAIN, *options, "--jobs", jobs) == expected


def test_a_system_without_fork_has_one_process_and_the_same_output(repository: Path) -> None:
    expected = run(repository, *PLAIN, "--jobs", "1")
    for jobs in ("8", "auto"):
        assert run(repository, *PLAIN, "--jobs", jobs, before=WINDOWS) == expected


@pytest.mark.parametrize(
    "crash",
    [
        "os._exit(3)",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "raise MemoryError",
        "self._repository.failures['x'] = ValueError()",
    ],
)
def test_what_a_process_does_not_finish_is_checked_by_the_caller(repository: Path, crash: str) -> None:
    expected = run(repository, *PLAIN, "--show-unknown", "--jobs", "1")
    found = run(repository, *PLAIN, "--show-unknown", "--jobs", "2", before=CRASH.format(crash))
    assert found == expected


def test_an_internal_error_is_reported_from_any_process(repository: Path) -> None:
    failing = (
        "def fails(step, rules):\n    raise ValueError\n    yield\nunits.findings_of_step = fails\n"
        "from training_alignment.checking import launcher_findings\nlauncher_findings._as_launched = fails"
    )
    expected = run(repository, *PLAIN, "--jobs", "1", before=failing)
    assert expected.count("TRN001") > 5
    assert run(repository, *PLAIN, "--jobs", "2", before=failing) == expected


def test_the_bound_on_all_steps_is_that_of_one_process(repository: Path) -> None:
    bound = "from training_alignment.repository import programs; programs.MAX_STEPS = 20\n"
    command = [sys.executable, "-c", PROGRAM.format(bound), "check", *PLAIN, "--jobs"]
    one, two = (
        subprocess.run([*command, jobs], cwd=repository, capture_output=True, check=False) for jobs in "12"
    )
    assert b"not followed: the limit on steps" in one.stderr
    assert (one.stdout, one.stderr) == (two.stdout, two.stderr)


def test_a_run_in_processes_is_kept_with_what_all_have_read(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "copy"
    shutil.copytree(repository, folder)
    expected = run(folder, "--jobs", "2")
    never = "units.Units.share = None"
    assert run(folder, "--jobs", "2", before=never) == run(folder, before=never) == expected
    for path in ("fit.py", "churn/steps/churn_training.py", "launch_3.py"):
        with open(folder / path, "a") as stream:
            stream.write("\nimport os\nprint(os.environ['SM_MODEL_DIRR'])\n")
        changed = run(folder, "--jobs", "2")
        assert changed == run(folder, *PLAIN, "--jobs", "1")
    crashed = CRASH.format("os._exit(3)")
    (folder / "fit.py").write_text(SCRIPT + "# more\n")
    run(folder, "--jobs", "2", before=crashed)
    assert run(folder, before="units.Units.share = lambda *_: os._exit(7)", code=7) == ""


def test_an_interrupt_ends_the_processes(repository: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    waiting = CRASH.format(f"open({str(pids)!r}, 'a').write(f'{{os.getpid()}} '); signal.pause()")
    command = [sys.executable, "-c", PROGRAM.format(waiting), "check", *PLAIN, "--jobs", "2"]
    process = subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not (pids.exists() and len(pids.read_text().split()) == 2) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, b"", b"")
    for pid in map(int, pids.read_text().split()):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_an_interrupt_during_a_fork_leaves_no_process(repository: Path, tmp_path: Path) -> None:
    waiting = tmp_path / "waiting"
    interrupted = CRASH.format(f"open({str(waiting)!r}, 'w').close(); signal.pause()") + (
        "import time\n"
        "fork = os.fork\n"
        "def forked():\n"
        "    process = fork()\n"
        "    if process:\n"
        f"        while not os.path.exists({str(waiting)!r}):\n"
        "            time.sleep(0.01)\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return process\n"
        "os.fork = forked\n"
    )
    command = [sys.executable, "-c", PROGRAM.format(interrupted), "check", *PLAIN, "--jobs", "2"]
    # A process that is left behind keeps the pipes open.
    done = subprocess.run(command, cwd=repository, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_small_check_is_done_by_one_process() -> None:
    with mock.patch("threading.active_count", return_value=1):
        assert workers.processes_for(10_000, 1) == 1
        assert workers.processes_for(2 * workers._LEAST - 1, 8) == 1
        assert workers.processes_for(2 * workers._LEAST, 8) == 2
        assert workers.processes_for(10_000, None) == workers.usable_cores()
    with mock.patch("threading.active_count", return_value=2):
        assert workers.processes_for(10_000, 8) == 1
    with mock.patch.object(os, "fork", create=True):
        del os.fork
        assert workers.processes_for(10_000, 8) == 1


def test_the_number_of_processes() -> None:
    assert (_jobs("3"), _jobs("auto")) == (3, None)
    for wrong in ("0", "-1", "x", "", "1.5", "²"):
        with pytest.raises(Exception, match="is no number of processes"):
            _jobs(wrong)


class _Pair(Record):
    left: int
    right: str = "r"


def test_a_process_takes_the_next_block_when_it_is_free() -> None:
    reading, writing = os.pipe()

    def compute(unit: int) -> bool:
        if unit == 0:  # keeps its process until the other one has done the rest
            return bool(select.select([reading], [], [], 30)[0])
        if unit == 36:
            os.write(writing, b"x")
        return True

    found, _ = workers.results_of(workers.blocks_of(40, 2), compute, lambda: None, 2, lambda _: None)
    assert found == dict.fromkeys(range(40), True)


@pytest.mark.parametrize(
    ("units", "processes", "size"), [(40, 2, 2), (54, 2, 2), (300, 2, 5), (30_000, 8, 15)]
)
def test_the_units_in_blocks(units: int, processes: int, size: int) -> None:
    blocks = workers.blocks_of(units, processes)
    assert [unit for block in blocks for unit in block] == list(range(units))
    assert {len(block) for block in blocks[:-1]} == {size}
    assert len(blocks) * workers._NUMBER <= 16_000


def test_records_and_pages_are_sent() -> None:
    finding = Finding("TRN101", Severity.ERROR, 1, "", "a.py", 1, 1, "a message", cause="c")
    for record in (_Pair(1), finding):
        again = pickle.loads(pickle.dumps(record))
        assert again == record
        assert repr(again) == repr(record)
    assert pickle.loads(pickle.dumps(finding)).cause == "c"
    page, ledger = Page("TRN101", "a.py"), Ledger()
    page.asked, page.reported[finding], page.unknown["", 1, Reason.CODE, ""] = 2, None, False
    for _ in range(2):
        ledger.enter(pickle.loads(pickle.dumps([page])))
    assert str(ledger.totals) == "4 questions: 1 reported, 3 fine, 0 unknown"


def test_traces_are_merged() -> None:
    one, other = Trace(), Trace()
    for trace, names in ((one, "ab"), (other, "ba")):
        for name in names:
            key = ("/", f"/{name}", -1)
            trace.looks[key] = ((), name.encode())
            trace.note_fact(key, (name,), name)
        trace.note_answer("file", "/a", answer=True)
    one.merge(other)
    assert [one.is_consistent] == [True]
    assert [list(answers) for answers in one.facts.values()] == [[0], [1]]
    other.note_answer("file", "/b", answer=True)
    other.looks["/", "/a", -1] = ((), b"another")
    one.merge(other)
    assert [one.is_consistent] == [False]
    assert one.answers["file", "/b"] is True


def test_the_work_of_processes_is_added(tmp_path: Path) -> None:
    own = Programs(str(tmp_path), mock.Mock(), mock.Mock())
    work = own.work_from_here()
    assert own.add([(("b.py",), (), 10), (("a.py",), (), 20)])
    assert work() == (("a.py", "b.py"), (), 30)
    assert own.work_from_here()() == (("a.py", "b.py"), (), 0)
    assert not own.add([((), ("c.py",), 1)])
    with mock.patch.object(programs, "MAX_STEPS", 35):
        assert not own.add([((), (), 10)])
    assert work()[2] == 30
