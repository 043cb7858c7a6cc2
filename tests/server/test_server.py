"""The language server, driven by a real client: a process, standard input and output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from flake8_training.project_links import rule_page
from tests.fixes.repositories import LAUNCHER, SCRIPT, repository
from tests.harness import write
from tests.in_process import run_command
from tests.server.client import Editor, edited, run

WRONG = LAUNCHER.replace('"max-depth"', '"max-dpeth"')
PASSED_AT = next(n for n, line in enumerate(LAUNCHER.splitlines(), 1) if "hyperparameters" in line)
DECLARED_AT = next(n for n, line in enumerate(SCRIPT.splitlines(), 1) if "--max-depth" in line)
READ_AT = next(n for n, line in enumerate(SCRIPT.splitlines(), 1) if "SM_CHANNEL_TRAIN" in line)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return repository(tmp_path.resolve())


def test_a_launcher_is_edited(folder: Path) -> None:
    async def steps(editor: Editor) -> None:
        await _open_change_save_and_close(editor)
        await _a_diagnostic_has_the_other_side_and_the_page(editor)
        await _a_fix_is_a_code_action(editor)
        for before in ("", "  # a comment", "  # noqa: E501"):
            await _a_comment_silences_a_finding(editor, before)
        await _fast_typing_is_answered_a_few_times(editor)
        await _positions_count_utf_16(editor)

    run(steps, folder)


async def _shows(editor: Editor, path: str, expected: list[tuple[int, str]]) -> None:
    await editor.until(lambda: editor.codes(path) == expected)


async def _open_change_save_and_close(editor: Editor) -> None:
    wrong = [(PASSED_AT, "TRN410")]
    editor.open("launch.py", WRONG)
    await _shows(editor, "launch.py", wrong)
    editor.change("launch.py", LAUNCHER)
    await _shows(editor, "launch.py", [])
    editor.change("launch.py", WRONG)
    await _shows(editor, "launch.py", wrong)
    editor.change("launch.py", LAUNCHER)
    editor.save("launch.py", LAUNCHER)
    await _shows(editor, "launch.py", [])
    editor.change("launch.py", WRONG)
    await _shows(editor, "launch.py", wrong)
    editor.close("launch.py")
    await _shows(editor, "launch.py", [])


async def _a_diagnostic_has_the_other_side_and_the_page(editor: Editor) -> None:
    editor.open("launch.py", WRONG)
    await _shows(editor, "launch.py", [(PASSED_AT, "TRN410")])
    (found,) = editor.diagnostics["launch.py"]
    assert found.severity is lsp.DiagnosticSeverity.Error
    assert found.source == "training-alignment"
    assert "did you mean --max-depth?" in found.message
    assert found.code_description is not None
    assert found.code_description.href == rule_page("TRN410")
    assert found.range == _range(WRONG, "max-dpeth")
    (other,) = found.related_information or ()
    assert other.location.uri == editor.uri("code/train_model.py")
    assert other.location.range.start.line + 1 == DECLARED_AT


def _range(text: str, words: str) -> lsp.Range:
    line = next(n for n, one in enumerate(text.splitlines()) if words in one)
    at = text.splitlines()[line].index(words)
    return lsp.Range(start=lsp.Position(line, at), end=lsp.Position(line, at + len(words)))


def _after(editor: Editor, path: str, text: str, action: lsp.CodeAction) -> str:
    """Return the text of a file after an action, which changes no other file."""
    assert action.edit is not None
    assert action.edit.changes is not None
    assert list(action.edit.changes) == [editor.uri(path)]
    return edited(text, list(action.edit.changes[editor.uri(path)]))


async def _a_fix_is_a_code_action(editor: Editor) -> None:
    fix = (await editor.actions("launch.py", PASSED_AT))[0]
    assert fix.title == "Replace max-dpeth by max-depth"
    assert fix.kind == lsp.CodeActionKind.QuickFix
    assert fix.is_preferred
    assert _after(editor, "launch.py", WRONG, fix) == LAUNCHER
    assert await editor.actions("launch.py", 1) == []
    (everything,) = await editor.actions("launch.py", 1, only=[lsp.CodeActionKind.SourceFixAll])
    assert _after(editor, "launch.py", WRONG, everything) == LAUNCHER


async def _a_comment_silences_a_finding(editor: Editor, before: str) -> None:
    line = WRONG.splitlines()[PASSED_AT - 1]
    text = WRONG.replace(line, line + before)
    editor.change("launch.py", LAUNCHER)
    await _shows(editor, "launch.py", [])
    editor.change("launch.py", text)
    await _shows(editor, "launch.py", [(PASSED_AT, "TRN410")])
    actions = await editor.actions("launch.py", PASSED_AT)
    silence = next(one for one in actions if one.title == "Silence TRN410 on this line")
    quiet = _after(editor, "launch.py", text, silence)
    assert quiet.splitlines()[PASSED_AT - 1].startswith(line + before)
    editor.change("launch.py", quiet)
    await _shows(editor, "launch.py", [])


async def _fast_typing_is_answered_a_few_times(editor: Editor) -> None:
    before = editor.published
    for number in range(60):
        editor.change("launch.py", (WRONG if number % 2 else LAUNCHER) + f"# {number}\n")
    editor.change("launch.py", WRONG)
    await _shows(editor, "launch.py", [(PASSED_AT, "TRN410")])
    assert editor.published - before < 30


async def _positions_count_utf_16(editor: Editor) -> None:
    text = WRONG.replace('    hyperparameters={"max', '    hyperparameters={"\U0001f680": 1, "max')
    editor.change("launch.py", text)
    await editor.until(lambda: len(editor.codes("launch.py")) == 2)
    actions = await editor.actions("launch.py", PASSED_AT)
    fix = next(one for one in actions if one.title.endswith("by max-depth"))
    assert _after(editor, "launch.py", text, fix) == text.replace("dpeth", "depth")


def test_both_sides_are_edited(folder: Path) -> None:
    async def steps(editor: Editor) -> None:
        await _the_script_shows_the_finding_of_its_unsaved_launcher(editor)
        await _hover_and_definition_show_the_other_side(editor)
        await _a_fix_of_another_file_edits_that_file(editor)

    run(steps, folder)


async def _the_script_shows_the_finding_of_its_unsaved_launcher(editor: Editor) -> None:
    editor.open("code/train_model.py")
    editor.open("launch.py", WRONG)
    await _shows(editor, "code/train_model.py", [(DECLARED_AT, "TRN410")])
    (found,) = editor.diagnostics["code/train_model.py"]
    assert f"(launch.py line {PASSED_AT})" in found.message
    title = f"Silence TRN410 in launch.py line {PASSED_AT}"
    actions = await editor.actions("code/train_model.py", DECLARED_AT)
    silence = next(one for one in actions if one.title == title)
    editor.change("launch.py", _after(editor, "launch.py", WRONG, silence))
    await _shows(editor, "code/train_model.py", [])
    editor.change("launch.py", LAUNCHER)


async def _hover_and_definition_show_the_other_side(editor: Editor) -> None:
    launcher, script = LAUNCHER.splitlines(), SCRIPT.splitlines()
    at = launcher[PASSED_AT - 1].index("max-depth")
    shown = await editor.hover("launch.py", PASSED_AT, at)
    assert "parser.add_argument('--max-depth', type=int, default=3)" in shown
    assert f"code/train_model.py line {DECLARED_AT}" in shown
    assert await editor.definition("launch.py", PASSED_AT, at) == [("code/train_model.py", DECLARED_AT)]
    fit = next(n for n, one in enumerate(launcher, 1) if "estimator.fit" in one)
    at = launcher[fit - 1].index('"train"') + 1
    assert "`SM_CHANNEL_TRAIN` is read here" in await editor.hover("launch.py", fit, at)
    at = script[DECLARED_AT - 1].index("max-depth")
    assert "hyperparameter `max-depth` = 3" in await editor.hover("code/train_model.py", DECLARED_AT, at)
    at = script[READ_AT - 1].index("SM_CHANNEL")
    shown = await editor.hover("code/train_model.py", READ_AT, at)
    assert "channel `train` = 's3://bucket/train'" in shown
    assert await editor.definition("code/train_model.py", READ_AT, at) == [("launch.py", fit)]
    assert await editor.hover("launch.py", 1, 3) == ""
    assert await editor.definition("launch.py", 1, 3) == []


async def _a_fix_of_another_file_edits_that_file(editor: Editor) -> None:
    wrong = SCRIPT.replace('"SM_CHANNEL_TRAIN"', '"SM_CHANNEL_TRIAN"')
    # the findings of the launcher as it was before are of another mistake
    await editor.until(lambda: not editor.codes("launch.py"))
    editor.change("code/train_model.py", wrong)
    await editor.until(lambda: bool(editor.codes("launch.py")))
    fix = (await editor.actions("launch.py", editor.codes("launch.py")[0][0]))[0]
    assert _after(editor, "code/train_model.py", wrong, fix) == SCRIPT


def test_other_files_are_edited(folder: Path) -> None:
    (folder / "launch.py").unlink()
    write(folder, {"pipeline.py": PIPELINE})

    async def steps(editor: Editor) -> None:
        await _hover_on_a_property_path_shows_the_step(editor)
        editor.open("fit.py", SCRIPT.replace("SM_MODEL_DIR", "SM_MODEL_DRI"))
        await editor.until(lambda: [code for _, code in editor.codes("fit.py")] == ["TRN110"])
        await _a_notebook_as_text_and_as_cells(editor)
        await _text_that_is_no_python_and_files_elsewhere_do_no_harm(editor)

    run(steps, folder)


async def _hover_on_a_property_path_shows_the_step(editor: Editor) -> None:
    lines = PIPELINE.splitlines()
    editor.open("pipeline.py")
    line = next(n for n, one in enumerate(lines, 1) if ".properties" in one)
    at = lines[line - 1].index("properties")
    assert "ProcessingStep `Clean`, outputs: churn" in await editor.hover("pipeline.py", line, at)
    made = next(n for n, one in enumerate(lines, 1) if "= ProcessingStep" in one)
    assert await editor.definition("pipeline.py", line, at) == [("pipeline.py", made)]


PIPELINE = """\
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.steps import ProcessingStep

processor = ScriptProcessor(
    image_uri="image", command=["python3"], role="role", instance_count=1, instance_type="ml.m5.xlarge"
)
clean = ProcessingStep(
    name="Clean",
    processor=processor,
    code="clean.py",
    outputs=[ProcessingOutput(output_name="churn", source="/opt/ml/processing/output")],
)
address = clean.properties.ProcessingOutputConfig.Outputs["churn"].S3Output.S3Uri
"""


async def _a_notebook_as_text_and_as_cells(editor: Editor) -> None:
    cell = {"cell_type": "code", "source": WRONG.splitlines(keepends=True), "metadata": {}, "outputs": []}
    notebook = json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}, indent=1)
    editor.open("notebook.ipynb", notebook)
    line = next(n for n, one in enumerate(notebook.splitlines(), 1) if "max-dpeth" in one)
    await _shows(editor, "notebook.ipynb", [(line, "TRN410")])
    # A cell is no file: nothing is shown, and nothing fails.
    item = lsp.TextDocumentItem("vscode-notebook-cell:/a.ipynb#W0", "python", 1, WRONG)
    editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))


async def _text_that_is_no_python_and_files_elsewhere_do_no_harm(editor: Editor) -> None:
    editor.open("launch.py", "def (\n")
    editor.open("new/other.py", "\x00 import os\n")
    editor.open("../elsewhere.py", "import os\n")
    editor.open("notes.txt", "SM_MODEL_DRI")
    editor.change("launch.py", WRONG)
    await _shows(editor, "launch.py", [(PASSED_AT, "TRN410")])


def test_without_pygls_the_command_says_what_to_install(folder: Path) -> None:
    program = (
        "import sys; sys.modules['pygls'] = None; sys.modules['lsprotocol'] = None\n"
        "from training_alignment.cli import main; raise SystemExit(main(['server']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert done.returncode == 2
    assert "pip install 'flake8-training[lsp]'" in done.stderr


def test_the_command_does_not_import_pygls(folder: Path) -> None:
    program = (
        "import sys; from training_alignment.cli import main; main(['check'])\n"
        "assert not {'pygls', 'lsprotocol'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=folder)
    assert run_command(["check"], folder).exit_code == 0
