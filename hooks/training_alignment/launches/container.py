"""An image that the repository builds: its Dockerfile, the files that it copies, and the program that a job starts.

SageMaker runs an image as ``docker run IMAGE train``: ``train`` is the argument of the image's ``ENTRYPOINT``, or,
without one, the program that the container looks for on its ``PATH`` (developer guide, "How Amazon SageMaker Runs Your
Training Image"). sagemaker-training 5.1.4 brings such a program, which starts ``SAGEMAKER_PROGRAM`` in
``/opt/ml/code``.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from flake8_training.engine.flow.shell_lines import simple_commands
from flake8_training.libraries.distributions import normal
from flake8_training.pattern import pattern
from flake8_training.sagemaker.images import address
from flake8_training.sagemaker.paths import CODE_DIR
from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches.dockerfile import Copy, Image, read_dockerfile
from training_alignment.repository.repository import Repository
from training_alignment.scan.dockerfiles import MOST_BYTES

_MOST_FILES = 5_000
_MOST_RUNS = 500
_MOST_WORDS = 50
_PLAIN = pattern(
    r"(?:(?:docker\.io|public\.ecr\.aws/docker|registry-1\.docker\.io)/)?(?:library/)?"
    r"(?:python|ubuntu|debian|alpine|amazonlinux|centos|fedora|r-base|openjdk|nvidia/cuda|"
    r"continuumio/(?:mini|ana)conda3?|condaforge/(?:miniforge3|mambaforge)|tensorflow/tensorflow|pytorch/pytorch|"
    r"rocker/[\w-]+)(?::[\w.-]+)?(?:@\w+:\w+)?"
)
"""Public images that have no program ``train``, and no entry point that keeps ``train`` from being started."""
_SIGN = pattern(r"[*?\[]")
_CONDA = ("/opt/conda/bin",)
_FOLDERS = frozenset(
    "/ /usr/bin /usr/local/bin /bin /opt /root /home /tmp /usr/local /usr /srv /mnt /var /etc".split()
)
"""Folders that a base image has."""
_INSTALL = pattern(r"\b(?:pip[0-9.]*|conda|mamba|uv|poetry)\s(.*)", re.DOTALL)
_TOOLKITS = frozenset({"sagemaker-training", "sagemaker-containers"})
_ELSEWHERE = ("/", "\\", "://", ".whl", ".zip", ".tar", "git+", "$", "@")
_OF_SAGEMAKER = pattern(rb"opt/ml\b|\bSM_[A-Z]|sagemaker", re.IGNORECASE)
_SERVING = pattern(rb"^[ \t]*(?:from|import)[ \t]+(?:sagemaker_inference|multi_model_server)\b", re.MULTILINE)
"""The import of a toolkit for inference (sagemaker-inference 1.10, multi-model-server 1.1)."""
_SHELL_LINE = pattern(rb"#!\s*\S*/(?:env\s+)?(?:ba|da|z|k)?sh\b")
PYTHON = pattern(r"(?:.*/)?python[0-9.]*$")
"""The Python interpreter, as a command names it."""
PROGRAM = "SAGEMAKER_PROGRAM"
"""The variable with the script that the toolkit starts."""
ARGUMENT = "train"
"""The argument with which SageMaker starts an image for training."""


class Container:
    """An image of the repository, by the path of its Dockerfile."""

    def __init__(self, repository: Repository, path: str, image: Image) -> None:
        self.repository = repository
        self.path = path
        self.image = image
        self.folder = posixpath.dirname(path)

    # -- the files in the image

    @cached_property
    def context(self) -> str | None:
        """The folder from which the image is built: the nearest one around the Dockerfile that has what it copies."""
        folder, found = max(self._contexts, key=lambda one: one[1])
        return folder if found == sum(len(copy.sources or ()) for copy in self.image.copies) else None

    @cached_property
    def _contexts(self) -> tuple[tuple[str, int], ...]:
        """The folders around the Dockerfile, the nearest first, each with the number of sources that it has."""
        sources = [source for copy in self.image.copies for source in copy.sources or ()]
        folders = [self.folder]
        while folders[-1]:
            folders.append(posixpath.dirname(folders[-1]))
        return tuple(
            (folder, sum(any(True for _ in self._matches(folder, source)) for source in sources))
            for folder in folders
        )

    def _matches(self, folder: str, source: str) -> Iterator[str]:
        """Yield the files and folders of the repository that a source of ``COPY`` names."""
        inside = posixpath.normpath(source.lstrip("/") or ".")
        if inside.startswith(".."):
            return
        path = posixpath.normpath(posixpath.join(folder, inside))
        path = "" if path == "." else path
        if not any(character in source for character in "*?["):
            if path in self.repository.files or self.repository.below(path):
                yield path
            return
        parts = path.count("/")
        # every name that matches begins with what is before the first sign of the pattern
        below = self.repository.below(posixpath.dirname(_SIGN.split(path, maxsplit=1)[0]))
        names = {"/".join(one.split("/")[: parts + 1]) for one in below if one.count("/") >= parts}
        yield from sorted(name for name in names if fnmatch.fnmatchcase(name, path))

    @cached_property
    def files(self) -> dict[str, tuple[str, Copy]]:
        """The files of the repository in the image: by their paths there, their paths here and what copies them."""
        return self._files_from(self.context) if self.context is not None else {}

    @cached_property
    def _likely_files(self) -> dict[str, tuple[str, Copy]]:
        """The files in the image, if it is built from the folder that has the most of what it copies.

        A source may be missing in the repository: a submodule, a file that is downloaded, one with secrets.
        """
        return self.files or self._files_from(max(self._contexts, key=lambda one: one[1])[0])

    def _files_from(self, context: str) -> dict[str, tuple[str, Copy]]:
        found: dict[str, tuple[str, Copy]] = {}
        folders = set(_FOLDERS | self.image.created)
        for copy in self.image.copies:
            if copy.destination is None:
                continue
            into = copy.into_folder or copy.destination in folders
            for source in copy.sources or ():
                for path in self._matches(context, source):
                    if len(found) >= _MOST_FILES:
                        return found
                    if path in self.repository.files:
                        end = (
                            posixpath.join(copy.destination, posixpath.basename(path))
                            if into
                            else copy.destination
                        )
                        found[end] = (path, copy)
                        folders.add(posixpath.dirname(end))
                        continue
                    folders.add(copy.destination)
                    start = len(f"{path}/") if path else 0
                    for one in self.repository.below(path)[:_MOST_FILES]:
                        found[posixpath.join(copy.destination, one[start:])] = (one, copy)
        return found

    @property
    def is_known(self) -> bool:
        """Whether all files that the Dockerfile copies are known: from this repository, to known paths."""
        copies = self.image.copies
        return self.context is not None and all(
            c.sources is not None and c.destination is not None for c in copies
        )

    @property
    def is_plain(self) -> bool:
        """Whether the image is built from one that neither has a program ``train`` nor an entry point in its way."""
        base = self.image.base
        return base is not None and _PLAIN.fullmatch(base.lower()) is not None

    # -- what RUN does

    @cached_property
    def commands(self) -> tuple[str, ...]:
        """The commands of all ``RUN`` instructions."""
        found = (command for run in self.image.runs for command in simple_commands(run.text))
        return tuple(islice(found, _MOST_RUNS))

    def may_bring(self, name: str) -> bool:
        """Return whether a command may bring a file of this name: it names it, or runs code of the repository."""
        word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
        for command in self.commands:
            first = command.split()[0].rpartition("/")[2]
            if first not in ("chmod", "chown") and word.search(command):
                return True
            if first.endswith((".sh", ".py")) or first in ("bash", "sh", "make", "source", "."):
                return True
            if "setup.py" in command or "git clone" in command:
                return True
        return False

    @cached_property
    def installed(self) -> tuple[frozenset[str], bool]:
        """The packages that ``RUN`` installs, and whether these are certainly all."""
        names: set[str] = set()
        closed = True
        for command in self.commands:
            found = _INSTALL.search(command)
            words = found[1].split() if found is not None else []
            if "install" not in words:
                closed = closed and found is None
                continue
            words = words[words.index("install") + 1 :]
            skip = False
            for before, word in zip(["", *words], words, strict=False):
                word = word.strip("\"'")
                if skip:
                    skip = False
                elif before in ("-r", "--requirement") or word.startswith("--requirement="):
                    more, known = self._required(word.partition("=")[2] or word)
                    names |= more
                    closed = closed and known
                elif word in ("-e", "--editable", "-c", "--constraint"):
                    closed = False
                elif word in (
                    "-i",
                    "--index-url",
                    "--extra-index-url",
                    "-f",
                    "--find-links",
                    "--trusted-host",
                    "-t",
                ):
                    skip = True
                elif word.startswith("-"):
                    continue
                elif word == "." or any(part in word for part in _ELSEWHERE):
                    closed = False
                else:
                    names.add(normal(re.split(r"[\[<>=!~;]", word)[0]))
        return frozenset(names), closed

    def _required(self, path: str) -> tuple[set[str], bool]:
        if path.startswith("-"):
            return set(), True
        full = posixpath.normpath(posixpath.join(self.image.workdir or "/", path))
        inside = self.files.get(full) or next(
            (one for end, one in self.files.items() if posixpath.basename(end) == posixpath.basename(path)),
            None,
        )
        data = self.data(inside[0]) if inside is not None else None
        if data is None:
            return set(), False
        names: set[str] = set()
        closed = True
        for line in data.decode("utf-8", "replace").splitlines()[:_MOST_FILES]:
            line = line.partition("#")[0].strip()
            if not line:
                continue
            if line.startswith("-") or any(part in line for part in _ELSEWHERE):
                closed = False
            else:
                names.add(normal(re.split(r"[\[<>=!~; ]", line)[0]))
        return names, closed

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file of the repository; None if it is unreadable or too large."""
        try:
            return self.repository.data(path, MOST_BYTES)
        except ReadError:
            return None

    @property
    def has_toolkit(self) -> bool:
        """Whether the image certainly has the training toolkit, whose program ``train`` starts a script."""
        if self.image.entry_point is not None:
            return False
        return self.is_of_aws or bool(self.installed[0] & _TOOLKITS)

    @property
    def is_of_aws(self) -> bool:
        """Whether the image is built from one of AWS's for training, which has the toolkit and no script."""
        base = address(self.image.base or "")
        return base is not None and base.is_of_aws and (base.repository or "").endswith("-training")

    @property
    def folders(self) -> tuple[str, ...] | None:
        """The folders in which the container looks for a program; None if they are unknown."""
        found = self.image.folders
        conda = _CONDA if "conda" in (self.image.base or "") or "pytorch" in (self.image.base or "") else ()
        return None if found is None else (*found, *conda)

    # -- what it is for

    @cached_property
    def programs(self) -> tuple[str, ...]:
        """The paths in the image of the programs named ``train`` that belong to SageMaker's way of training."""
        named = [path for path in self.files if posixpath.basename(path) == ARGUMENT]
        return tuple(path for path in named if self.is_of_sagemaker(path))

    def is_of_sagemaker(self, path: str) -> bool:
        """Return whether a program, a Python file beside it or the Dockerfile uses SageMaker's paths or variables."""
        here = self.files[path][0]
        below = self.repository.below(posixpath.dirname(here))
        beside = [one for one in below if one.endswith(".py")][:20]
        return any(_OF_SAGEMAKER.search(self.data(one) or b"") for one in (here, *beside, self.path))

    def may_train(self, path: str) -> bool:
        """Return whether a script uses the paths or variables of a training job.

        Those of a processing job and programs that start a model server are none.
        """
        return self._may_train(self.files[path][0])

    def _may_train(self, here: str) -> bool:
        data = self.data(here) or b""
        return (
            _OF_SAGEMAKER.search(data) is not None
            and b"opt/ml/processing" not in data
            and _SERVING.search(data) is None
        )

    # -- what a training job starts

    @cached_property
    def training_script(self) -> tuple[str, bool] | None:
        """The file of the repository that a training job starts, and whether it gets the hyperparameters.

        Only the training toolkit passes the hyperparameters as arguments. None if the file is unknown.
        """
        files, entry = self._likely_files, self.image.entry_point
        if entry is None:
            return self._started_by_argument(toolkit=self.has_toolkit)
        words = [word for word in entry.words or () if not word.startswith("-")]
        started = next((word for word in words if not PYTHON.match(word)), "")
        path = self._program(started) if words and started == words[0] else self.resolved(started)
        return self._started_by(path, gets_argument=True) if started and path in files else None

    def _started_by_argument(self, toolkit: bool) -> tuple[str, bool] | None:
        """Return what the argument ``train`` starts: the toolkit's script, or a program of that name."""
        files = self._likely_files
        if toolkit:
            value, _ = self.image.variables.get(PROGRAM, (None, 0))
            folder, _ = self.image.variables.get("SAGEMAKER_SUBMIT_DIRECTORY", (CODE_DIR, 0))
            path = posixpath.normpath(posixpath.join(folder or "", value or ""))
            return (files[path][0], True) if value and path in files else None
        programs = [path for path in files if posixpath.basename(path) == ARGUMENT]
        return self._started_by(programs[0], gets_argument=False) if len(programs) == 1 else None

    def _started_by(self, path: str, gets_argument: bool) -> tuple[str, bool] | None:
        """Return what a file of the image starts: the only script that its shell commands start, or itself.

        A shell script that gets the argument ``train`` and ends with its own arguments (``exec "$@"``) starts what the
        argument starts.
        """
        files = self._likely_files
        here = files[path][0]
        data = self.data(here) or b""
        if here.endswith(".sh") or _SHELL_LINE.match(data) is not None:
            commands = list(islice(simple_commands(data.decode("utf-8", "replace")), _MOST_RUNS))
            started = dict.fromkeys(
                one for command in commands for one in islice(self._named(command), 1) if one != path
            )
            scripts = [files[one][0] for one in started if self._may_train(files[one][0])]
            if len(scripts) == 1:
                return scripts[0], False
            last = commands[-1].removeprefix("exec ").strip() if commands else ""
            if gets_argument and not scripts and last.strip("\"'") == "$@":
                return self._started_by_argument(toolkit=PROGRAM in self.image.variables)
        return (here, False) if self._may_train(here) else None

    def _named(self, command: str) -> Iterator[str]:
        """Yield the paths in the image of the files that a shell command names, in its order."""
        for word in command.split()[:_MOST_WORDS]:
            path = self.resolved(word.strip("\"'"))
            if path in self._likely_files:
                yield path

    def python_file(self, words: Sequence[str]) -> str | None:
        """Return the path in the image of the Python file that a command starts; None for another command."""
        if not words:
            return None
        rest = words
        if PYTHON.match(words[0]):
            rest = words[1:]
            while rest and rest[0].startswith("-") and rest[0] not in ("-m", "-c"):
                rest = rest[1:]
        if not rest or not rest[0].endswith(".py"):
            return None
        return self._program(rest[0]) if rest is words else self.resolved(rest[0])

    def resolved(self, word: str) -> str:
        """Return the path in the image that a word of a command means."""
        return posixpath.normpath(posixpath.join(self.image.workdir or "/", word))

    def _program(self, word: str) -> str:
        """Return the path in the image of a command's program, which the container looks for on its ``PATH``."""
        found = (posixpath.join(folder, word) for folder in self.folders or () if "/" not in word)
        return next((path for path in found if path in self._likely_files), self.resolved(word))


def read_container(repository: Repository, path: str) -> Container | None:
    """Return the image of a Dockerfile; None if the file is unreadable or has no stage."""
    try:
        image = read_dockerfile(repository.data(path, MOST_BYTES))
    except ReadError:
        return None
    return Container(repository, path, image) if image is not None else None
