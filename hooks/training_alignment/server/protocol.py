"""The language server over the Language Server Protocol 3.17, on pygls 2.

Checks run on one thread of their own, since an analysis is not to be entered twice. A change waits for a short pause in
the typing; a result is published only if its file has not changed meanwhile.
"""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer

from flake8_training import __version__
from flake8_training.collection import freeze_once
from flake8_training.finding import Finding
from training_alignment.server.conversion import (
    Positions,
    diagnostic,
    text_edits,
    whole_edit,
)
from training_alignment.server.links import Link
from training_alignment.server.session import Session

NAME = "training-alignment"
PAUSE = 0.04
"""Seconds without a change after which an open file is checked."""
_MOST_UNCOLLECTED = 1_000_000
"""The new objects after which Python looks for garbage by itself: more than an answer leaves."""
_STACK = 64 * 1024 * 1024


def _collect() -> None:
    """Free the circles of objects that an analysis leaves. What the first one has loaded is looked at once."""
    gc.collect()
    freeze_once()


class Server(LanguageServer):
    """The server: an editor's session, the thread of its checks, and the findings that are shown."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__)
        self.session = Session()
        threading.stack_size(_STACK)
        self._checks = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checks")
        self._pending: dict[str, asyncio.Task[None]] = {}
        self.shown: dict[str, list[Finding]] = {}
        """The findings that are shown in open files, by absolute path."""

    async def ask(self, question: object, *arguments: object) -> object:
        """Return the answer of a function that runs on the thread of the checks."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._checks, question, *arguments)  # type: ignore[arg-type]

    def schedule(self, path: str, pause: float = PAUSE) -> None:
        """Check an open file after a pause, then the others; a check that has not begun is put off."""
        before = self._pending.pop(path, None)
        if before is not None:
            before.cancel()
        self._pending[path] = asyncio.get_running_loop().create_task(self._check_later(path, pause))

    async def _check_later(self, path: str, pause: float) -> None:
        await asyncio.sleep(pause)
        # It has begun: a change from now on starts another one, and that of another file checks this one again.
        del self._pending[path]
        await self.check(path)
        for other in self.session.paths:
            if path in self._pending:
                return  # the newer check goes on to the others
            if other != path and other not in self._pending:
                await self.check(other)

    async def check(self, path: str) -> None:
        """Check an open file and publish its findings, unless it is changed or closed meanwhile."""
        text = self.session.text(path)
        if text is None:
            return
        found = await self.ask(self._findings, path)
        if isinstance(found, list) and self.session.text(path) is text and found != self.shown.get(path):
            self.shown[path] = found
            self._publish(path)
        # after the answer: nobody waits for it
        self._checks.submit(_collect)

    def _findings(self, path: str) -> list[Finding]:
        try:
            return self.session.findings(path)
        except Exception as error:
            self.window_log_message(
                lsp.LogMessageParams(lsp.MessageType.Error, f"{path}: {type(error).__name__} {error}")
            )
            return []

    def _publish(self, path: str) -> None:
        found = self.shown.get(path, [])
        positions = self.positions(path)
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(
                uri=_uri(path), diagnostics=[diagnostic(one, positions) for one in found]
            )
        )

    def positions(self, path: str) -> Positions:
        """Return the conversion of places in a file, open or on disk."""
        return Positions(self.session.source(path) or "")

    def clear(self, path: str) -> None:
        """Forget a closed file, and clear what is shown in it."""
        task = self._pending.pop(path, None)
        if task is not None:
            task.cancel()
        self.session.close(path)
        if self.shown.pop(path, None):
            self._publish(path)

    def stop(self) -> None:
        """End the thread of the checks."""
        self._checks.shutdown(wait=False, cancel_futures=True)


def _path(uri: str) -> str | None:
    """Return the real path of a file's address; None for the address of something else, such as a notebook's cell."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return os.path.realpath(path) if path else None


def _uri(path: str) -> str:
    return uris.from_fs_path(path) or ""


def create() -> Server:
    """Return a server that answers an editor."""
    server = Server()

    @server.feature(lsp.INITIALIZED)
    def initialized(_: lsp.InitializedParams) -> None:
        folders = [one.uri for one in server.workspace.folders.values()]
        if not folders and server.workspace.root_uri:
            folders = [server.workspace.root_uri]
        server.session.folders = [path for uri in folders if (path := _path(uri)) is not None]

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(parameters: lsp.DidOpenTextDocumentParams) -> None:
        _take(server, parameters.text_document.uri, pause=0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(parameters: lsp.DidChangeTextDocumentParams) -> None:
        _take(server, parameters.text_document.uri, pause=PAUSE)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(parameters: lsp.DidSaveTextDocumentParams) -> None:
        await server.ask(server.session.refresh)
        _take(server, parameters.text_document.uri, pause=0)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_files(_: lsp.DidChangeWatchedFilesParams) -> None:
        await server.ask(server.session.refresh)
        for path in server.session.paths:
            server.schedule(path)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(parameters: lsp.DidCloseTextDocumentParams) -> None:
        path = _path(parameters.text_document.uri)
        if path is not None:
            server.clear(path)

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(
            code_action_kinds=[lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll]
        ),
    )
    def code_actions(parameters: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        path = _path(parameters.text_document.uri)
        return _actions(server, path, parameters) if path is not None else []

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(parameters: lsp.HoverParams) -> lsp.Hover | None:
        found = await _link_at(server, parameters.text_document.uri, parameters.position)
        if found is None:
            return None
        link, positions = found
        lines = [f"**{link.name}**", ""]
        for target in link.targets:
            place = f"{_shown(server, target.path)} line {target.line}"
            lines.append(f"- {target.description}, [{place}]({_uri(target.path)}#L{target.line})")
        content = lsp.MarkupContent(kind=lsp.MarkupKind.Markdown, value="\n".join(lines))
        return lsp.Hover(
            contents=content, range=positions.range(link.line, link.column, link.line, link.end_column)
        )

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def definition(parameters: lsp.DefinitionParams) -> list[lsp.Location]:
        found = await _link_at(server, parameters.text_document.uri, parameters.position)
        if found is None:
            return []
        places: list[lsp.Location] = []
        for target in found[0].targets:
            at = server.positions(target.path).position(target.line, target.column)
            places.append(lsp.Location(uri=_uri(target.path), range=lsp.Range(start=at, end=at)))
        return places

    @server.feature(lsp.SHUTDOWN)
    def shutdown(*_: object) -> None:
        server.stop()

    return server


def _take(server: Server, uri: str, pause: float) -> None:
    """Take the text of an open document into the session, and check it after a pause."""
    path = _path(uri)
    if path is not None:
        server.session.put(path, server.workspace.get_text_document(uri).source)
        server.schedule(path, pause)


async def _link_at(server: Server, uri: str, at: lsp.Position) -> tuple[Link, Positions] | None:
    path = _path(uri)
    if path is None or server.session.text(path) is None:
        return None
    positions = server.positions(path)
    line, column = positions.place(at)
    found = await server.ask(server.session.links, path)
    assert isinstance(found, list)
    links = [link for link in found if link.contains(line, column)]
    narrowest = min(links, key=lambda link: link.end_column - link.column, default=None)
    return (narrowest, positions) if narrowest is not None else None


def _shown(server: Server, path: str) -> str:
    folder = next((one for one in server.session.folders if path.startswith(one + os.sep)), None)
    return os.path.relpath(path, folder) if folder else path


def _actions(server: Server, path: str, parameters: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Return the actions for the findings in a range: their fixes, a comment that silences each, and all fixes."""
    positions = server.positions(path)
    first, last = parameters.range.start.line + 1, parameters.range.end.line + 1
    only = parameters.context.only
    actions: list[lsp.CodeAction] = []
    shown = server.shown.get(path, [])
    here = [one for one in shown if first <= one.line <= last]
    if _wants(only, lsp.CodeActionKind.QuickFix):
        for finding in here:
            actions += _quick_fixes(server, path, finding, positions)
    if _wants(only, lsp.CodeActionKind.SourceFixAll) and (only or here):
        changed = server.session.every_fix(path, shown)
        if changed is not None:
            edit = lsp.WorkspaceEdit(changes={_uri(path): [whole_edit(positions, changed)]})
            title = f"Fix all of {NAME}"
            actions.append(lsp.CodeAction(title=title, kind=lsp.CodeActionKind.SourceFixAll, edit=edit))
    return actions


def _wants(only: object, kind: lsp.CodeActionKind) -> bool:
    """Return whether an editor asks for a kind of actions: for all, for this one, or for one above it."""
    if not only:
        return True
    assert isinstance(only, list | tuple)
    names = [one.value if isinstance(one, lsp.CodeActionKind) else str(one) for one in only]
    return any(kind.value == name or kind.value.startswith(f"{name}.") for name in names)


def _quick_fixes(server: Server, path: str, finding: Finding, positions: Positions) -> list[lsp.CodeAction]:
    about = [diagnostic(finding, positions)]
    actions: list[lsp.CodeAction] = []
    if finding.fix is not None:
        changes = {
            _uri(other): text_edits(edits, server.positions(other))
            for other in dict.fromkeys(edit.path for edit in finding.fix.edits)
            if (edits := [edit for edit in finding.fix.edits if edit.path == other])
        }
        actions.append(
            lsp.CodeAction(
                title=finding.fix.title if finding.fix.is_safe else f"{finding.fix.title} (unsafe)",
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=about,
                is_preferred=finding.fix.is_safe,
                edit=lsp.WorkspaceEdit(changes=changes),
            )
        )
    silencing = server.session.silencing(path, finding)
    if silencing is not None:
        is_here = silencing.path == path
        in_file = positions if is_here else server.positions(silencing.path)
        at = in_file.position(silencing.line, silencing.column)
        insertion = lsp.TextEdit(range=lsp.Range(start=at, end=at), new_text=silencing.words)
        place = "on this line" if is_here else f"in {_shown(server, silencing.path)} line {silencing.line}"
        actions.append(
            lsp.CodeAction(
                title=f"Silence {finding.code} {place}",
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=about,
                edit=lsp.WorkspaceEdit(changes={_uri(silencing.path): [insertion]}),
            )
        )
    return actions


def start() -> None:
    """Serve an editor on standard input and output until it ends the session."""
    # The garbage of each answer is collected after it; in the midst of one the collector finds little.
    gc.set_threshold(_MOST_UNCOLLECTED)
    create().start_io()
