"""TRN119 with both sides: a string that arrives in the quotes of JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import launcher, said

READ = "import ast, json, os\nfrom lib import use\nhp = json.load(open('/opt/ml/input/config/hyperparameters.json'))\n"
QUOTED = "TRN119 objective arrives as '\"rank:map\"', with the quotes of JSON; use json.loads(...)"


def found(
    folder: Path, script: str, name: str = "XGBoost", given: str = "{'objective': 'rank:map'}"
) -> list[str]:
    """What TRN119 reports of a job with these hyperparameters."""
    return said(
        folder, {"launch.py": launcher(name, f"hyperparameters={given},"), "code/train.py": script}, "TRN119"
    )


@pytest.mark.parametrize(
    "script",
    [
        READ + "use({'objective': hp['objective']})\n",
        READ + "use(objective=hp.get('objective', 'reg'))\n",
        READ + "kind = hp['objective']\nuse(kind)\n",
        READ + "if hp['objective'] == 'rank:map':\n    use(1)\n",
        READ + "use(int(hp['objective']))\n",
        READ + "use(hp['objective'])\nprint(json.loads(os.environ['SM_HPS']))\n",
    ],
)
def test_a_string_carries_the_quotes(tmp_path: Path, script: str) -> None:
    assert found(tmp_path, script) == [QUOTED]
    assert found(tmp_path / "number", script, given="{'objective': 3}") == []
    assert found(tmp_path / "unknown", script, given="{'objective': unknown}") == []
    assert found(tmp_path / "other", script, given="{'other': 'rank:map'}") == []


@pytest.mark.parametrize(
    "script",
    [
        READ + "use(json.loads(hp['objective']))\n",
        READ + "use(ast.literal_eval(hp['objective']))\n",
        READ + "use(hp['objective'].strip('\"'))\n",
        READ + "kind = hp['objective']\nuse(json.loads(kind))\n",
        READ + "def plain(text):\n    return text[1:-1]\n\nuse(plain(hp['objective']))\n",
        READ + "hp = {k: json.loads(v) for k, v in hp.items()}\nuse(hp['objective'])\n",
        READ + "d = {'objective': hp['objective']}\nuse({k: json.loads(v) for k, v in d.items()})\n",
        "import json, os\nhp = json.loads(os.environ['SM_HPS'])\nprint(hp['objective'])\n",
        "import json, os\nhp = json.load(open('settings.json'))\nprint(hp['objective'])\n",
    ],
)
def test_a_decoded_string_carries_none(tmp_path: Path, script: str) -> None:
    assert found(tmp_path, script) == []
