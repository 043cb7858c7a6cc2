"""A client of the language server as an editor is one: a process, driven over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

PATIENCE = 60.0
"""Seconds after which an answer that does not come is a failure, on however busy a machine."""


class Editor:
    """An editor with one folder. Versions of documents count up; diagnostics are kept by the files' names."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.diagnostics: dict[str, list[lsp.Diagnostic]] = {}
        self.published = 0
        self._news = asyncio.Event()
        self._versions: dict[str, int] = {}
        self.log: list[str] = []

        def publish(parameters: lsp.PublishDiagnosticsParams) -> None:
            self._publish(parameters)

        def log(parameters: lsp.LogMessageParams) -> None:
            self.log.append(parameters.message)

        client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)
        client.feature(lsp.WINDOW_LOG_MESSAGE)(log)

    def _publish(self, parameters: lsp.PublishDiagnosticsParams) -> None:
        path = parameters.uri.removeprefix(self.folder.as_uri()).lstrip("/")
        self.diagnostics[path] = list(parameters.diagnostics)
        self.published += 1
        self._news.set()

    def uri(self, path: str) -> str:
        """Return the address of a file of the folder."""
        return (self.folder / path).as_uri()

    def identifier(self, path: str) -> lsp.TextDocumentIdentifier:
        """Return the identifier of a file of the folder."""
        return lsp.TextDocumentIdentifier(uri=self.uri(path))

    def open(self, path: str, text: str | None = None) -> str:
        """Open a file with the text on disk, or with another one; return the text."""
        text = (self.folder / path).read_text(encoding="utf-8") if text is None else text
        self._versions[path] = 1
        item = lsp.TextDocumentItem(uri=self.uri(path), language_id="python", version=1, text=text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
        return text

    def change(self, path: str, text: str) -> None:
        """Replace the whole text of an open file."""
        self._versions[path] += 1
        identifier = lsp.VersionedTextDocumentIdentifier(uri=self.uri(path), version=self._versions[path])
        change = lsp.TextDocumentContentChangeWholeDocument(text=text)
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(text_document=identifier, content_changes=[change])
        )

    def save(self, path: str, text: str) -> None:
        """Write a file and tell the server."""
        (self.folder / path).write_text(text, encoding="utf-8")
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(text_document=self.identifier(path)))

    def close(self, path: str) -> None:
        """Close an open file."""
        self.client.text_document_did_close(
            lsp.DidCloseTextDocumentParams(text_document=self.identifier(path))
        )

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for diagnostics that meet a condition."""

        async def met() -> None:
            while not condition():
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(met(), PATIENCE)

    def codes(self, path: str) -> list[tuple[int, str]]:
        """Return line (from 1) and code of each diagnostic that is shown in a file."""
        return [(one.range.start.line + 1, str(one.code)) for one in self.diagnostics.get(path, [])]

    async def actions(
        self, path: str, line: int, only: list[lsp.CodeActionKind | str] | None = None
    ) -> list[lsp.CodeAction]:
        """Return the code actions on a line, from 1."""
        at = lsp.Position(line=line - 1, character=0)
        context = lsp.CodeActionContext(diagnostics=[], only=only)
        found = await self.client.text_document_code_action_async(
            lsp.CodeActionParams(
                text_document=self.identifier(path), range=lsp.Range(start=at, end=at), context=context
            )
        )
        return [one for one in found or [] if isinstance(one, lsp.CodeAction)]

    async def hover(self, path: str, line: int, character: int) -> str:
        """Return what is shown at a place (line from 1, character from 0), or an empty string."""
        at = lsp.Position(line=line - 1, character=character)
        found = await self.client.text_document_hover_async(
            lsp.HoverParams(text_document=self.identifier(path), position=at)
        )
        if found is None:
            return ""
        assert isinstance(found.contents, lsp.MarkupContent)
        return found.contents.value

    async def definition(self, path: str, line: int, character: int) -> list[tuple[str, int]]:
        """Return the places, file and line from 1, that the other side of a name has."""
        at = lsp.Position(line=line - 1, character=character)
        found = await self.client.text_document_definition_async(
            lsp.DefinitionParams(text_document=self.identifier(path), position=at)
        )
        places = found if isinstance(found, list) else []
        return [
            (one.uri.removeprefix(self.folder.as_uri() + "/"), one.range.start.line + 1)
            for one in places
            if isinstance(one, lsp.Location)
        ]


def edited(text: str, edits: list[lsp.TextEdit] | tuple[lsp.TextEdit, ...]) -> str:
    """Return a text after edits whose positions count UTF-16 code units."""
    lines = [*text.splitlines(keepends=True), ""]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-16-le")))
    data = text.encode("utf-16-le")
    places = sorted(
        ((one.range.start, one.range.end, one.new_text) for one in edits), key=_order, reverse=True
    )
    for start, end, new in places:
        first, last = (starts[at.line] + 2 * at.character for at in (start, end))
        data = data[:first] + new.encode("utf-16-le") + data[last:]
    return data.decode("utf-16-le")


def _order(edit: tuple[lsp.Position, lsp.Position, str]) -> tuple[int, int]:
    return edit[0].line, edit[0].character


@asynccontextmanager
async def editing(folder: Path) -> AsyncIterator[Editor]:
    """Start a server for a folder, and end it."""
    client = LanguageClient("tests", "1")
    editor = Editor(client, folder)
    await client.start_io(sys.executable, "-m", "training_alignment", "server", cwd=str(folder))
    await client.initialize_async(
        lsp.InitializeParams(
            capabilities=lsp.ClientCapabilities(),
            root_uri=folder.as_uri(),
            workspace_folders=[lsp.WorkspaceFolder(uri=folder.as_uri(), name="folder")],
        )
    )
    client.initialized(lsp.InitializedParams())
    try:
        yield editor
    finally:
        await asyncio.wait_for(client.shutdown_async(None), PATIENCE)
        client.exit(None)
        await client.stop()  # type: ignore[no-untyped-call]
    assert editor.log == []


def run(steps: Callable[[Editor], Awaitable[Any]], folder: Path) -> None:
    """Run steps with an editor in a folder."""

    async def session() -> None:
        async with editing(folder) as editor:
            await steps(editor)

    asyncio.run(session())
