"""Programs that a script starts: whether one is only about the machine or its packages."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_training.script.values import Collection, Constant, Reference, Text, Value

if TYPE_CHECKING:
    from flake8_training.script.calls import Call
    from flake8_training.script.evaluator import Evaluator

STARTERS = frozenset(
    "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen "
    "subprocess.getoutput subprocess.getstatusoutput os.system os.popen".split()
)

# Programs that neither train nor read nor save anything of a model.
_HARMLESS = frozenset(
    "pip pip3 pip2 conda mamba uv poetry apt apt-get apt-key yum dpkg ls ll cat echo printf df du free "
    "top ps env printenv which whoami hostname hostnamectl uname nvidia-smi nvcc lscpu lsblk lspci "
    "ifconfig ip mkdir chmod chown sleep kill pkill killall date id ulimit sysctl nproc rm touch find "
    "grep head tail wc git neuron-ls neuron-top ldconfig gcc make cmake npm sed service mount umount ssh- "
    "keygen sshd ssh ping nslookup dig ethtool export cd set pwd true".split()
)
# Programs that move files about, and no more than that.
_COPYING = frozenset(
    "cp mv ln tar zip unzip gzip gunzip rsync aws s5cmd gsutil wget curl gunicorn nginx".split()
)
_PIP = re.compile(r"\S*python[0-9.]*\s+-m\s+(pip|ensurepip|spacy\s+download|nltk\.downloader|zipfile|venv)\b")
_SEPARATORS = re.compile(r"&&|\|\||;|\||\n")


def is_harmless(evaluator: Evaluator, call: Call, what: str) -> bool:
    """Whether a call starts nothing but programs that are known not to do ``what`` ("reads", "saves", ...)."""
    if not call.names or not all(name in STARTERS for name in call.names) or not call.node.args:
        return False
    values = evaluator.values(call.node.args[0], call.site.scope)
    known = _HARMLESS if what in ("reads", "saves") else _HARMLESS | _COPYING
    return bool(values) and all(_is_harmless(evaluator, value, known) for value in values)


def _is_harmless(evaluator: Evaluator, value: Value, known: frozenset[str]) -> bool:
    if isinstance(value, Collection):
        words = _words(evaluator, value)
        return words is not None and _command_is_harmless(" ".join(words), known)
    if isinstance(value, Constant) and isinstance(value.value, str):
        return all(
            _command_is_harmless(part, known) for part in _SEPARATORS.split(value.value) if part.strip()
        )
    if isinstance(value, Text) and isinstance(value.parts[0], str):
        return _command_is_harmless(value.parts[0], known) and not any(
            isinstance(p, str) and _SEPARATORS.search(p) for p in value.parts
        )
    return False


def _words(evaluator: Evaluator, value: Collection) -> list[str] | None:
    """The first words of a command given as a list, as far as they are known."""
    if not isinstance(value.node, ast.List | ast.Tuple):
        return None
    words: list[str] = []
    for element in value.node.elts[:4]:
        known: list[object] = []
        for one in evaluator.values(element, value.scope, value.frame):
            if isinstance(one, Constant):
                known.append(one.value)
            elif isinstance(one, Reference) and one.name == "sys.executable":
                known.append("python")
        if len(known) != 1 or not isinstance(known[0], str):
            break
        words.append(known[0])
    return words or None


def _command_is_harmless(command: str, known: frozenset[str]) -> bool:
    text = command.strip().removeprefix("sudo ").strip()
    if _PIP.match(text):
        return True
    first = text.split(maxsplit=1)[0] if text else ""
    return first.rpartition("/")[2] in known
