"""Notebooks: cells in order, lines of the file, magics and what they write."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches import notebook as notebooks
from training_alignment.launches.notebook import Command, read_notebook

from tests.launchers.pairs import findings, launcher, notebook, options

TWO_CELLS = (
    "%matplotlib inline\nimport sagemaker\n!pip install \\\n    -U sagemaker\nfiles = !ls\n",
    "hyperparameters = {\n    'epochs': 3,\n    'batch_size': 32,\n}\n",
    launcher(more="hyperparameters=hyperparameters,", inputs='{"train": "s3://bucket/train"}').strip(),
)
SCRIPT = options("'--epochs', type=int", "'--batch-size', type=int")


@pytest.mark.parametrize("indent", [1, 4, None])
def test_a_finding_stands_at_the_line_of_the_file(tmp_path: Path, indent: int | None) -> None:
    text = notebook(*TWO_CELLS, indent=indent)
    found = findings(tmp_path, {"a.ipynb": text, "code/train.py": SCRIPT}, "TRN410")
    assert [f.path for f in found] == ["a.ipynb"]
    (one,) = found
    line = text.splitlines()[one.line - 1]
    assert "'batch_size': 32" in line
    assert line[one.column - 1 :].startswith("'batch_size'")
    assert "cell 3 line 3" in one.message
    assert [r.path for r in one.related] == ["code/train.py"]


def test_noqa_in_a_cell(tmp_path: Path) -> None:
    cells = [c.replace("'batch_size': 32,", "'batch_size': 32,  # noqa: TRN410") for c in TWO_CELLS]
    assert not findings(tmp_path, {"a.ipynb": notebook(*cells), "code/train.py": SCRIPT}, "TRN410")


def test_what_a_cell_writes_is_the_script(tmp_path: Path) -> None:
    cells = ("%%writefile code/train.py\n" + SCRIPT, *TWO_CELLS)
    text = notebook(*cells)
    (one,) = findings(tmp_path, {"a.ipynb": text}, "TRN410")
    assert "did you mean --batch-size" in one.message
    (other,) = one.related
    assert other.path == "a.ipynb"
    assert "'--batch-size'" in text.splitlines()[other.line - 1]


@pytest.mark.parametrize(
    ("committed", "path"),
    [("", "a.ipynb"), ("print('an older version')\n", "a.ipynb"), (f"{SCRIPT}\n\n", "code/train.py")],
)
def test_what_a_cell_writes_counts_for_its_notebook_whatever_is_committed(
    committed: str, path: str, tmp_path: Path
) -> None:
    cells = ("%%writefile code/train.py\n" + SCRIPT, *TWO_CELLS)
    (one,) = findings(tmp_path, {"a.ipynb": notebook(*cells), "code/train.py": committed}, "TRN410")
    assert [(r.path, r.line > 1) for r in one.related] == [(path, True)]


def test_both_versions_of_a_script_are_checked(tmp_path: Path) -> None:
    script = options("'--epochs', type=int", "'--batch_size', type=bool", more="print(args)\n")
    files = {
        "a.ipynb": notebook("%%writefile code/train.py\n" + script, *TWO_CELLS),
        "code/train.py": f"{script}print(args.epochs)\n",
        "launch.py": launcher(),
    }
    assert [one.path for one in findings(tmp_path, files, "TRN113")] == ["a.ipynb", "code/train.py"]


@pytest.mark.parametrize("script", ["", "def main():\n    print('loss: 1')\n"])
def test_a_script_that_does_nothing_has_one_finding(script: str, tmp_path: Path) -> None:
    metric = "metric_definitions=[{'Name': 'loss', 'Regex': 'loss: ([0-9]+)'}],"
    files = {"launch.py": launcher(more=metric, inputs='{"train": "s3://b/t"}'), "code/train.py": script}
    assert [one.code for one in findings(tmp_path, files)] == ["TRN103"]


def test_the_rules_of_the_script_stand_in_the_cell(tmp_path: Path) -> None:
    script = options("'--epochs', type=int", "'--batch_size', type=bool", more="print(args)\n")
    text = notebook("%%writefile code/train.py\n" + script, *TWO_CELLS)
    (one,) = findings(tmp_path, {"a.ipynb": text}, "TRN113")
    assert one.path == "a.ipynb"
    assert "cell 2" in one.message
    assert "type=bool" in text.splitlines()[one.line - 1]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("x = 1\n", "x = 1"),
        ("%time x = 1\n", "pass"),
        ("%%time\nx = 1\n", "\nx = 1"),
        ("%%bash\nx = 1\n", "\n"),
        ("if x:\n    !ls\n", "if x:\n    pass"),
        ("names = %env\n", "names = get_ipython()"),
        ("x?\n", "pass"),
        ("print 'two'\ny = 3\n", "y = get_ipython()\n"),
        ('text = """\n!ls\n"""\n', 'text = """\n!ls\n"""'),
        ("a = (1\n  % 2)\n", "a = (1\n  % 2)"),
        ("x = 1  # ünï\n", "x = 1  # ünï"),
        ("", ""),
    ],
)
def test_lines_that_are_no_python(cell: str, code: str) -> None:
    found = read_notebook(notebook(cell).encode(), "a.ipynb")
    assert found.text.rstrip("\n") == code.rstrip("\n")
    assert len(found.lines) == len(cell.splitlines())


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[]x", '{"cells": [{"source": [1]}]}', '{"cells": [{]}', "\x00", '{"cells"']
)
def test_no_notebook(text: str) -> None:
    with pytest.raises(ReadError):
        read_notebook(text.encode(), "a.ipynb")


@pytest.mark.parametrize(
    "text", ["{}", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{"cell_type": "code"}]}']
)
def test_an_empty_notebook(text: str) -> None:
    assert read_notebook(text.encode(), "a.ipynb").text.strip() == ""


def test_a_source_that_is_one_text() -> None:
    text = '{"cells": [{"source": "a = 1\\nb = 2\\n", "cell_type": "code"}]}'
    found = read_notebook(text.encode(), "a.ipynb")
    assert found.text.split() == "a = 1 b = 2".split()
    assert [line.file_line for line in found.lines] == [1, 1]


def test_large_cells_are_gone_through_once() -> None:
    """Sizes at which patterns that go back, and texts put together one by one, take hours."""
    blank = read_notebook(notebook("no python\n" + "\n" * 300_000 + "y = 3\n").encode(), "a.ipynb")
    assert blank.text.startswith("y = get_ipython()\n")
    spaces = read_notebook(notebook("a" + " " * 1_000_000 + "\nno python\n!ls\n").encode(), "a.ipynb")
    assert spaces.text.strip() == ""


def test_a_line_of_many_texts_stands_where_its_first_text_does() -> None:
    texts = ", ".join(['"x"'] * 200_000)
    text = '{"cells": [\n{"cell_type": "code", "source": [' + texts + "]}]}"
    found = read_notebook(text.encode(), "a.ipynb")
    assert found.text == "x" * 200_000 + "\n"
    assert [(one.file_line, one.column) for one in found.lines] == [(2, text.index('"x"') - text.index("\n"))]


def test_a_shell_line_binds_names_however_it_is_spaced() -> None:
    found = read_notebook(notebook("a, b \t = !ls\nc=%env\n").encode(), "a.ipynb")
    assert found.text.split("\n")[:2] == ["a, b = get_ipython()", "c = get_ipython()"]


@pytest.mark.parametrize(
    ("line", "brings"),
    [
        ("%pip install sagemaker", False),
        ("!pip install sagemaker", False),
        ("!ls code", False),
        ("%matplotlib inline", False),
        ("!aws s3 cp data.csv s3://bucket/", False),
        ("!mkdir -p data && wget -P data https://host/data.csv", False),
        ("files = !ls", False),
        ("!pygmentize code/other.py | head \\\n    -n 5", False),
        ("!wget https://host/train.py", False),
        ("!wget -P code https://host/train.py", True),
        ("!wget https://host/$NAME", True),
        ("!{sys.executable} -m pip install sagemaker", False),
        ("!{sys.executable} prepare.py", True),
        ("bucket = region()\nplace = f's3://{bucket}/x'\n!aws s3 cp a.csv $place", False),
        ("place = folder()\n!aws s3 cp s3://bucket/a.csv $place", True),
        ("!cp base.py code/train.py", True),
        ("!git clone https://host/code", True),
        ("!git clone https://host/data", False),
        ("%cd elsewhere", True),
        ("%run prepare.py", True),
        ("%%bash\ncp base.py \\\n  code/train.py", True),
        ("%%bash\npip install torch\nls", False),
        ("%%writefile notes.txt\ncp base.py code/train.py", False),
        ("print 'Python 2'", True),
    ],
)
def test_a_shell_line_that_may_bring_the_script(tmp_path: Path, line: str, brings: bool) -> None:
    files = {"a.ipynb": notebook(line, launcher()), "code/other.py": SCRIPT}
    assert bool(findings(tmp_path, files, "TRN406")) is not brings


@pytest.mark.parametrize("line", ["!python prepare.py", "!tar -xzf code.tar.gz", "fetch('code/train.py')"])
def test_only_what_runs_before_the_job_brings_its_script(tmp_path: Path, line: str) -> None:
    cells = ["from fetching import fetch", launcher()]
    before = {"a.ipynb": notebook(cells[0], line, cells[1]), "code/other.py": SCRIPT}
    after = {"a.ipynb": notebook(*cells, line), "code/other.py": SCRIPT}
    assert findings(tmp_path / "before", before, "TRN406") == []
    assert len(findings(tmp_path / "after", after, "TRN406")) == 1


def test_a_command_has_the_line_of_the_module() -> None:
    found = read_notebook(notebook("x = 1\n!ls \\\n  -l", "%%bash\nls").encode(), "a.ipynb")
    assert found.commands == (Command("!ls \\\n  -l", 2), Command("%%bash\nls", 4))


@pytest.mark.parametrize(
    ("cells", "broken"),
    [
        (("x = (1,", "2)"), {1, 2}),
        (("@(", "wraps)\ndef f():\n    pass"), {1, 2}),
        (("@wraps", "def f():\n    pass"), {1}),
        (("if x:\n    y = 1", "else:\n    y = 2"), {2}),
        (("if x:\n    y = 1", "    z = 2"), {2}),
        (("x = 1 \\\n\n", "y = 2"), {1}),
        (('x = """', '"""\ny = 2'), {1, 2}),
        (("# a\n\nx = 1  # b\n# c", "y = 2; z = 3\n"), set()),
    ],
)
def test_each_cell_parses_alone(cells: tuple[str, ...], broken: set[int]) -> None:
    read = read_notebook(notebook(*cells).encode(), "a.ipynb")
    assert {read.lines[command.line - 1].cell - 1 for command in read.commands} == broken
    for number, cell in enumerate(cells, 1):
        lines = [
            line
            for line, place in zip(read.text.split("\n"), read.lines, strict=False)
            if place.cell == number + 1
        ]
        assert (lines == cell.rstrip("\n").split("\n")) is (number not in broken)


def test_cells_of_python_are_parsed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[object] = []

    def counted(source: str) -> ast.Module:
        parsed.append(source)
        return parse(source)

    parse = ast.parse
    cells = [f"x{number} = {number}\nprint(x{number})" for number in range(9)]
    with monkeypatch.context() as patched:
        patched.setattr(ast, "parse", counted)
        read = read_notebook(notebook(*cells).encode(), "counted.ipynb")
        tree = read.tree
        again = read_notebook(notebook(*cells).encode(), "counted.ipynb")
    assert tree is not None
    assert len(tree.body) == 18
    assert again is read
    assert parsed == [read.text]


PARTS = (
    *(
        "x = 1",
        "if x:",
        "    y = 2",
        "else:",
        "try:",
        "finally:",
        "    pass",
        "@wraps",
        "@(",
        "def f():",
        "async def g():",
    ),
    *(
        "x = (1,",
        "2)",
        "]",
        "{",
        '"""',
        "'''",
        "\\",
        "x = 1 \\",
        "# a",
        "",
        "  ",
        "\t",
        "\f",
        "\r",
        "x;",
        "return 1",
    ),
    *(
        "%time x = 1",
        "!ls",
        "files = !ls",
        "%%bash",
        "%%time",
        "%matplotlib inline",
        "x?",
        "match x:",
        "    case 1:",
        "class A:",
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("\n".join), min_size=1, max_size=4)
)
def test_the_parse_of_the_whole_and_that_of_each_cell_agree(cells: list[str]) -> None:
    data = notebook(*cells).encode()
    by_cell = notebooks._module(notebooks._code_cells(data.decode())[0], notebooks._parses)
    read = read_notebook(data, "a.ipynb")
    assert (read.text, read.lines, read.written, read.commands) == (
        *(by_cell.text, by_cell.lines, by_cell.written, by_cell.commands),
    )
