"""Environment variables of a script that imports ``environ`` itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment import check
from training_alignment.rules.example_step import processing

from flake8_training.rules.rule import Example
from tests.harness import write

IMPORT = ("import os\n", "import os\n    from os import environ{0}\n")
READ = 'os.environ["LABEL_FIELD"]'
REQUIRED = ('required_env_vars=["LABEL_FIELD"],', 'required_env_vars=["LABEL_FIELD", "ID_FIELD"],')

CASES = {
    "the variables that it reads": ("", 'environ["LABEL_FIELD"]', ["TRN154"]),
    "by another name": (" as env", 'env.get("LABEL_FIELD")', ["TRN154"]),
    "the whole environment": ("", 'dict(environ)["LABEL_FIELD"]', []),
    "another thing of that name": ("", READ + " + str(table.environ)", ["TRN154"]),
}


@pytest.mark.parametrize("name", CASES)
def test_variables_of_the_imported_environment(name: str, tmp_path: Path) -> None:
    alias, read, expected = CASES[name]
    files = Example(
        processing(
            contract=[REQUIRED],
            script=[(IMPORT[0], IMPORT[1].format(alias)), (READ, read)],
        )
    ).files
    write(tmp_path, files)
    found = [f.code for f in check(root=tmp_path, select=["TRN154"])]
    assert found == expected
