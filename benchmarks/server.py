"""The language server under fast and slow typing: the time to an answer, and the memory, over many changes.

``python -m benchmarks.server [--steps 200] [--changes 1000] [--every 100]``

A client types into the script of a step in a repository of invented steps (`benchmarks.scale`): each change alters a
comment and, in turn, breaks and mends a name, so that each has another answer. The time is from the change to its
diagnostics. Every so often the resident memory of the server is printed. The target: 95 % of the answers within 0.2
seconds of CPU time of the server, and no growth of memory in the second half beyond 2 %.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from benchmarks.scale import names, repository, snake

TARGET, GROWTH, PATIENCE = 0.2, 1.02, 600


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the figures; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--every", type=int, default=100, help="changes between two lines of output")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        root = repository(Path(folder).resolve() / "tree", arguments.steps)
        return asyncio.run(_measure(root, arguments.changes, arguments.every))


async def _measure(root: Path, changes: int, every: int) -> int:
    name = next(one for one in islice(names(), 200) if one.endswith("Training"))
    path = root / f"src/pipeline/scripts/{snake(name)}.py"
    text = path.read_text(encoding="utf-8")
    # A variable that SageMaker never sets is a finding of the script.
    wrong = text.replace("import os\n", 'import os\n\nFOLDER = os.environ["SM_MODEL_DRI"]\n', 1)
    client = LanguageClient("benchmark", "1")
    answers: asyncio.Queue[int] = asyncio.Queue()

    def publish(parameters: lsp.PublishDiagnosticsParams) -> None:
        answers.put_nowait(len(parameters.diagnostics))

    client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)

    await client.start_io(sys.executable, "-m", "training_alignment", "server", cwd=str(root))
    process = client._server
    assert process is not None
    await client.initialize_async(
        lsp.InitializeParams(
            capabilities=lsp.ClientCapabilities(),
            root_uri=root.as_uri(),
            workspace_folders=[lsp.WorkspaceFolder(root.as_uri(), "tree")],
        )
    )
    client.initialized(lsp.InitializedParams())
    item = lsp.TextDocumentItem(path.as_uri(), "python", 0, wrong)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    await answers.get()
    walls: list[float] = []
    spent: list[float] = []
    memory: list[int] = []
    for number in range(1, changes + 1):
        changed = f"{text if number % 2 else wrong}# {number}\n"
        document = lsp.VersionedTextDocumentIdentifier(version=number, uri=path.as_uri())
        change = lsp.TextDocumentContentChangeWholeDocument(changed)
        begun, used = time.perf_counter(), _seconds(process.pid)
        client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))
        await asyncio.wait_for(answers.get(), PATIENCE)
        walls.append(time.perf_counter() - begun)
        spent.append(_seconds(process.pid) - used)
        if number % every == 0:
            memory.append(_resident(process.pid))
            print(f"{number} changes: {memory[-1] / 1e6:.1f} MB", flush=True)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    slow = statistics.quantiles(spent, n=20)[-1]
    print(
        f"an answer: wall {statistics.median(walls):.3f} s (95 % {statistics.quantiles(walls, n=20)[-1]:.3f} s), "
        f"CPU {statistics.median(spent):.3f} s (95 % {slow:.3f} s, target {TARGET} s)"
    )
    growth = memory[-1] / memory[len(memory) // 2]
    print(f"memory at the end against the middle: {growth:.3f} (target {GROWTH})")
    return 0 if slow <= TARGET and growth <= GROWTH else 1


def _seconds(process: int) -> float:
    """Return the user and system time of a process (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def _resident(process: int) -> int:
    """Return the resident memory of a process in bytes (Linux)."""
    pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * int(os.sysconf("SC_PAGE_SIZE"))


if __name__ == "__main__":
    sys.exit(main())
