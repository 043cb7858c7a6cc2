"""What the language server keeps of an editor's open files."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from training_alignment.checking.workspace import Workspace
from training_alignment.server import protocol
from training_alignment.server.session import Session

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
    monkeypatch.setattr(protocol, "CHECKS_BETWEEN_COLLECTIONS", 2)
    monkeypatch.setattr("training_alignment.server.protocol.gc.collect", lambda: order.append("collection"))
    monkeypatch.setattr(server, "_publish", lambda _: order.append("answer"))
    asyncio.run(server.check(path))
    assert order == ["answer", "collection"]
    server.session.put(path, LAUNCHER)
    asyncio.run(server.check(path))
    assert order == ["answer", "collection", "answer"]
