"""Distributions: the names under which they are imported, and the packages that they install."""

from __future__ import annotations

import functools
import re

from flake8_training.libraries.table import table

_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "tensorflow_addons": "tensorflow-addons",
    "pytorch_lightning": "pytorch-lightning",
    "lightning_fabric": "lightning",
    "Crypto": "pycryptodome",
    "git": "gitpython",
    "jwt": "pyjwt",
    "OpenSSL": "pyopenssl",
    "serial": "pyserial",
    "attr": "attrs",
    "pkg_resources": "setuptools",
    "faiss": "faiss-cpu",
    "umap": "umap-learn",
    "imblearn": "imbalanced-learn",
    "sentence_transformers": "sentence-transformers",
    "google": "protobuf",
    "snowflake": "snowflake-connector-python",
    "ruamel": "ruamel.yaml",
    "mpl_toolkits": "matplotlib",
    "graphstorm": "graphstorm",
}
"""Import names that differ from their distribution's. Any other name is taken for the distribution's own."""

_BRINGS = {
    "pandas": "numpy python-dateutil pytz tzdata six",
    "scikit-learn": "numpy scipy joblib threadpoolctl",
    "xgboost": "numpy scipy",
    "lightgbm": "numpy scipy scikit-learn",
    "catboost": "numpy pandas scipy matplotlib",
    "scipy": "numpy",
    "torch": "numpy typing-extensions sympy networkx jinja2 fsspec filelock",
    "torchvision": "torch numpy pillow",
    "torchmetrics": "torch numpy packaging",
    "lightning": "torch torchmetrics numpy packaging tqdm pyyaml fsspec pytorch-lightning",
    "pytorch-lightning": "torch torchmetrics numpy packaging tqdm pyyaml fsspec lightning",
    "transformers": "numpy huggingface-hub tokenizers safetensors tqdm packaging pyyaml requests regex filelock",
    "datasets": "numpy pandas pyarrow requests tqdm fsspec huggingface-hub",
    "sentence-transformers": "torch transformers scikit-learn numpy scipy tqdm huggingface-hub pillow",
    "tensorflow": "numpy keras h5py protobuf six grpcio tensorboard",
    "mxnet": "numpy requests",
    "boto3": "botocore s3transfer jmespath",
    "sagemaker": "boto3 botocore numpy pandas protobuf packaging attrs pyyaml psutil requests",
    "matplotlib": "numpy pillow packaging python-dateutil pyparsing",
    "seaborn": "matplotlib numpy pandas",
    "statsmodels": "numpy pandas scipy patsy packaging",
    "shap": "numpy scipy scikit-learn pandas tqdm",
    "flask": "werkzeug jinja2 click itsdangerous",
    "pydantic": "typing-extensions annotated-types pydantic-core",
    "gensim": "numpy scipy smart-open",
    "nltk": "click joblib regex tqdm",
    "spacy": "numpy requests tqdm pydantic",
    "pygam": "numpy scipy",
    "requests": "urllib3 certifi idna charset-normalizer",
    "dgl": "numpy scipy networkx requests tqdm psutil",
    "dask": "pyyaml fsspec toolz cloudpickle",
    "mlflow": "numpy pandas scikit-learn scipy matplotlib pyyaml requests flask",
    "onnxruntime": "numpy protobuf",
    "onnx": "numpy protobuf",
    "pyarrow": "numpy",
}
"""The packages that a distribution requires, as of its releases of 2023 to 2026. Any other one requires none."""

_OF_PYTHON = frozenset(
    """
    abc aifc array asynchat asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi
    cgitb cmath cmd code codecs codeop collections colorsys compileall concurrent contextlib copy copyreg crypt
    csv ctypes curses dbm decimal difflib distutils doctest encodings ensurepip errno faulthandler fcntl filecmp
    fileinput fnmatch fractions ftplib gc genericpath getopt getpass gettext glob grp gzip hashlib heapq idlelib
    imaplib imghdr imp inspect io itertools json keyword lib2to3 linecache locale lzma mailcap marshal math
    mimetypes mmap msilib msvcrt netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os
    ossaudiodev pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile
    pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re reprlib rlcompleter runpy
    sched select shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile
    sre_constants sre_parse stat string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny
    tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter tokenize tomllib trace
    traceback tracemalloc tty turtle turtledemo types unicodedata unittest urllib uu venv warnings weakref
    webbrowser winreg winsound xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
    """.split()
)
"""Modules of the standard library that no distribution on PyPI is called like (pip 24.0 ``index versions --pre``,
2026-12-01). Others, such as ``argparse``, are there.
"""

_NOT_THERE = {
    "cv2": "opencv-python",
    "opencv": "opencv-python",
    "pil": "pillow",
    "yaml": "pyyaml",
    "dateutil": "python-dateutil",
    "git": "gitpython",
    "pptx": "python-pptx",
    "magic": "python-magic",
    "scikitlearn": "scikit-learn",
    "sci-kit-learn": "scikit-learn",
}
"""Names that PyPI does not have, or has no release of (the same command and day), with the distributions meant."""

_REFUSING = {"sklearn": "scikit-learn", "skimage": "scikit-image", "pytorch": "torch"}
"""Distributions whose newest release fails when it is built (``pip download``, 2026-12-01), with those meant."""

_ALONE = frozenset(
    """
    antlr4-python3-runtime aws-cdk-lib black chess constructs cython flake8 gevent ipykernel ipython isort jupyter
    jupyterlab mypy nbconvert nbformat notebook opencv-python opencv-python-headless pre-commit pytest pytest-cov
    python-chess python-dotenv python-multipart ruff tabulate termcolor tox uv uvicorn wheel
    """.split()
)
"""Distributions that bring no package which an image may lack: tools, and libraries with few requirements."""

_KNOWN = frozenset({*_BRINGS, *_ALONE, *(word for words in _BRINGS.values() for word in words.split())})

_EVERYWHERE = ("pip", "setuptools", "wheel", "sagemaker-training", "sagemaker-containers", "smdebug", "boto3")
"""Packages in every image of SageMaker."""


def distribution_of(name: str) -> str:
    """Return the distribution that a top-level import name comes with."""
    return _DISTRIBUTIONS.get(name, name.replace("_", "-"))


def is_known(name: str) -> bool:
    """Return whether an import name is certainly a distribution's, and not that of a module sent by the launcher."""
    return name in _DISTRIBUTIONS or normal(name) in _KNOWN or table().library(name) is not None


def is_known_distribution(name: str) -> bool:
    """Return whether it is known which packages a distribution installs."""
    return is_known(name) or normal(name) in _of_imports()


@functools.cache
def _of_imports() -> frozenset[str]:
    return frozenset(normal(one) for one in _DISTRIBUTIONS.values())


def normal(name: str) -> str:
    """Return a distribution's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def brought_by(required: set[str]) -> set[str]:
    """Return the names of all packages that are installed with these distributions, in normal form."""
    found: set[str] = set()
    todo = [normal(re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]) for name in required]
    todo += list(_EVERYWHERE)
    while todo:
        name = normal(todo.pop())
        if name not in found:
            found.add(name)
            todo.extend(_BRINGS.get(name, "").split())
    return found


def not_on_pypi(name: str, clauses: tuple[str, ...]) -> tuple[str, str] | None:
    """Return why pip cannot install a requirement from PyPI, and the distribution that is meant, or empty.

    None if it may install it.
    """
    known = normal(name)
    if name in _OF_PYTHON:
        return f"PyPI has no {name}, which is a module of Python itself; remove the line", ""
    if known in _NOT_THERE:
        return f"PyPI has no {name}", _NOT_THERE[known]
    if known in _REFUSING and not clauses:
        return f"{name} refuses to be installed", _REFUSING[known]
    return None
