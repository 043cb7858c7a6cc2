"""What the language server keeps of an editor's open files."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from training_alignment.checking.workspace import Workspace
from training_alignment.server import protocol
from training_alignment.server.session import Session

from flake8_training.finding import Finding
from tests.fixes.repositories import LAUNCHER, SCRIPT, repository


def test_links_follow_the_text_of_another_open_file(tmp_path: Path) -> None:
    root = repository(tmp_path)
    launcher, script = str(root / "launch.py"), str(root / "code" / "train_model.py")
    session = Session()
    session.folders = [str(root)]

    def lines() -> set[int]:
        return {target.line for link in session.links(launcher) for target in link.targets}

    session.put(launcher, LAUNCHER)
    session.put(script, SCRIPT)
    before = lines()
    session.put(script, "# a line\n" + SCRIPT)
    assert before
    assert lines() == {line + 1 for line in before}
    session.close(script)
    assert lines() == before


def test_a_file_is_opened_while_a_check_reads_the_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path)
    session = Session()
    session.folders = [str(root)]
    session.put(str(root / "launch.py"), LAUNCHER)
    relative = Workspace.relative

    def opening(workspace: Workspace, path: str) -> str | None:
        session.put(str(root / f"other_{len(session.paths)}.py"), "")
        return relative(workspace, path)

    monkeypatch.setattr(Workspace, "relative", opening)
    assert session.findings(str(root / "launch.py")) == []


def test_garbage_is_collected_after_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(repository(tmp_path.resolve()) / "launch.py")
    order: list[str] = []
    size = threading.stack_size()
    server = protocol.Server()
    threading.stack_size(size)
    server.session.put(path, LAUNCHER.replace('"max-depth"', '"max-dpeth"'))
    monkeypatch.setattr("training_alignment.server.protocol.gc.collect", lambda: order.append("collection"))
    monkeypatch.setattr(server, "_publish", lambda _: order.append("answer"))
    asyncio.run(server.check(path))
    server.session.put(path, LAUNCHER)
    asyncio.run(server.check(path))
    server._checks.shutdown()
    assert order == ["answer", "collection", "answer", "collection"]


def test_a_file_is_checked_again_if_another_one_changes_after_its_check_has_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other, third = "/repository/one.py", "/repository/other.py", "/repository/third.py"
    size = threading.stack_size()
    server = protocol.Server()
    threading.stack_size(size)
    for path in (one, other, third):
        server.session.put(path, "old")
    seen: list[tuple[str, str | None]] = []
    begun, changed = threading.Event(), threading.Event()

    def findings(path: str) -> list[Finding]:
        seen.append((path, server.session.text(other)))
        begun.set()
        changed.wait(30)
        return []

    monkeypatch.setattr(server, "_findings", findings)

    async def edit() -> None:
        server.schedule(one, 0)
        await asyncio.to_thread(begun.wait, 30)
        server.session.put(other, "new")
        server.schedule(other, 0)
        await asyncio.sleep(0.05)
        changed.set()
        for _ in range(100):
            if (one, "new") in seen:
                break
            await asyncio.sleep(0.02)

    asyncio.run(edit())
    server._checks.shutdown()
    assert seen[0] == (one, "old")
    assert (one, "new") in seen


@pytest.mark.parametrize("is_open", [True, False])
def test_a_finding_of_another_file_is_silenced_there(tmp_path: Path, *, is_open: bool) -> None:
    root = repository(tmp_path.resolve(), launcher=('"max-depth"', '"max-dpeth"'))
    launcher, script = str(root / "launch.py"), str(root / "code" / "train_model.py")
    wrong = LAUNCHER.replace('"max-depth"', '"max-dpeth"')
    session = Session()
    session.folders = [str(root)]
    session.put(script, SCRIPT)
    if is_open:
        session.put(launcher, f"# a line\n{wrong}")
    (shown,) = session.findings(script)
    silencing = session.silencing(script, shown)
    assert silencing is not None
    lines = (session.text(launcher) or wrong).splitlines()
    assert silencing.path == launcher
    assert "max-dpeth" in lines[silencing.line - 1]
    lines[silencing.line - 1] += silencing.words
    session.put(launcher, "\n".join(lines))
    assert session.findings(script) == []


def test_a_finding_that_is_no_longer_shown_has_no_comment(tmp_path: Path) -> None:
    root = repository(tmp_path.resolve(), launcher=('"max-depth"', '"max-dpeth"'))
    launcher = str(root / "launch.py")
    session = Session()
    session.folders = [str(root)]
    session.put(launcher, LAUNCHER.replace('"max-depth"', '"max-dpeth"'))
    (shown,) = session.findings(launcher)
    assert session.silencing(launcher, shown) is not None
    session.put(launcher, LAUNCHER)
    assert session.findings(launcher) == []
    assert session.silencing(launcher, shown) is None
