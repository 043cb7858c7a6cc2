"""Rows for files and object formats: JSON, YAML, CSV, pickles.

Sources: Python 3.11, PyYAML 6, joblib 1.6, dill 0.4, cloudpickle 3.1, skops 0.16, smart_open 7, fsspec 2024.
Opening a file for writing is not saving: the writing call is found through the file object.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    ALL,
    ANYTHING,
    RECEIVER,
    Fetches,
    Library,
    Reads,
    Returns,
    Row,
    Saves,
)

_OPENING: tuple[Row, ...] = (
    Reads("open", (0, "file"), mode=(1, "mode")),
    Reads("codecs.open", (0, "filename"), mode=(1, "mode")),
    Reads("io.FileIO", (0, "file"), mode=(1, "mode")),
    Reads("io.open_code", (0, "path")),
    *(Reads(f"{module}.open", (0, "filename"), mode=(1, "mode")) for module in ("gzip", "bz2", "lzma")),
    Reads("gzip.GzipFile", (0, "filename"), mode=(1, "mode")),
    Reads("bz2.BZ2File", (0, "filename"), mode=(1, "mode")),
    Reads("lzma.LZMAFile", (0, "filename"), mode=(1, "mode")),
    Reads("tarfile.open", (0, "name"), mode=(1, "mode")),
    Reads("tarfile.is_tarfile", (0, "name")),
    Reads("tarfile.TarFile", (0, "name"), mode=(1, "mode")),
    Reads("tarfile.TarFile.open", (0, "name"), mode=(1, "mode")),
    Reads("zipfile.ZipFile", (0, "file"), mode=(1, "mode")),
    Reads("smart_open.open", (0, "uri"), mode=(1, "mode")),
    Reads("smart_open.smart_open", (0, "uri"), mode=(1, "mode")),
    Reads("fsspec.open", (0, "urlpath"), mode=(1, "mode")),
    Reads("fsspec.filesystem().open", (0, "path"), mode=(1, "mode")),
    Reads("wave.open", (0, "f"), mode=(1, "mode")),
    Reads("shelve.open", (0, "filename"), mode=(1, "flag")),
    Reads("fileinput.input", (0, "files")),
    Reads("fileinput.FileInput", (0, "files")),
    Reads("linecache.getlines", (0, "filename")),
    Reads("linecache.getline", (0, "filename")),
    Reads("mmap.mmap", (0, "fileno")),
    Reads("sqlite3.connect", (0, "database")),
    *(
        Saves(f"{opened}.{method}", (RECEIVER,), "data")
        for opened in (
            "open()",
            "codecs.open()",
            "gzip.open()",
            "bz2.open()",
            "lzma.open()",
            "smart_open.open()",
        )
        for method in ("write", "writelines")
    ),
)

_FOLDERS: tuple[Row, ...] = (
    Reads("os.listdir", (0, "path")),
    Reads("os.open", (0, "path")),
    Reads("os.scandir", (0, "path")),
    Reads("os.walk", (0, "top")),
    Reads("os.fwalk", (0, "top")),
    Reads("glob.glob", (0, "pathname")),
    Reads("glob.iglob", (0, "pathname")),
    Reads("pathlib.Path().open", (RECEIVER,), mode=(0, "mode")),
    *(
        Reads(f"pathlib.Path().{method}", (RECEIVER,))
        for method in ("read_text", "read_bytes", "iterdir", "glob", "rglob", "walk")
    ),
    Saves("pathlib.Path().write_text", (RECEIVER,), "data", form="text"),
    Saves("pathlib.Path().write_bytes", (RECEIVER,)),
    *(
        Saves(f"pathlib.Path().{method}", (0, "target", "target_dir"), "copy", (RECEIVER,))
        for method in ("rename", "replace", "copy", "copy_into", "move", "move_into")
    ),
    *(
        Saves(f"os.{name}", (1, "dst", "new"), "copy", (0, "src", "old"))
        for name in ("rename", "replace", "renames")
    ),
    *(Saves(f"os.{name}", (1, "dst"), "copy", (0, "src")) for name in ("link", "symlink")),
    *(
        row
        for name in ("copy", "copy2", "copyfile", "copytree", "move")
        for row in (
            Saves(f"shutil.{name}", (1, "dst"), "copy", (0, "src")),
            Reads(f"shutil.{name}", (0, "src")),
        )
    ),
    Saves("shutil.copyfileobj", (1, "fdst"), "copy", (0, "fsrc")),
    Reads("shutil.copyfileobj", (0, "fsrc")),
    # make_archive(base_name, format, root_dir, base_dir, ...).
    Saves("shutil.make_archive", (0, "base_name"), "copy", (2, "root_dir", "base_dir", 3), form="tar"),
    Saves("shutil.unpack_archive", (1, "extract_dir"), "copy", (0, "filename")),
    Reads("shutil.unpack_archive", (0, "filename")),
    *(
        Saves(f"distutils.{module}", (1, "dst"), "copy", (0, "src"))
        for module in ("dir_util.copy_tree", "file_util.copy_file", "file_util.move_file")
    ),
    *(
        Saves(f"tarfile.{opened}.{method}", (RECEIVER,), "copy", (0, "name", "tarinfo"), form="tar")
        for opened in ("open()", "TarFile()", "TarFile.open()")
        for method in ("add", "addfile")
    ),
    *(
        Saves(f"tarfile.{opened}.{method}", (path, "path"), "copy", (RECEIVER,))
        for opened in ("open()", "TarFile()", "TarFile.open()")
        for method, path in (("extractall", 0), ("extract", 1))
    ),
    Saves("zipfile.ZipFile().write", (RECEIVER,), "copy", (0, "filename"), form="zip"),
    Saves("zipfile.ZipFile().writestr", (RECEIVER,), "data", form="zip"),
    Saves("zipfile.ZipFile().extractall", (0, "path"), "copy", (RECEIVER,)),
    Saves("zipfile.ZipFile().extract", (1, "path"), "copy", (RECEIVER,)),
)

_TEXT: tuple[Row, ...] = (
    *(
        row
        for module in ("json", "simplejson", "ujson", "rapidjson", "commentjson", "json5", "jsonpickle")
        for row in (
            Reads(f"{module}.load", (0, "fp")),
            Saves(f"{module}.dump", (1, "fp"), "data", form="json"),
        )
    ),
    *(
        Reads(f"yaml.{name}", (0, "stream"))
        for name in ("load", "safe_load", "full_load", "unsafe_load", "load_all")
    ),
    Reads("yaml.safe_load_all", (0, "stream")),
    *(
        Saves(f"yaml.{name}", (1, "stream"), "data", form="yaml")
        for name in ("dump", "safe_dump", "dump_all", "safe_dump_all")
    ),
    Reads("ruamel.yaml.YAML().load", (0, "stream")),
    Saves("ruamel.yaml.YAML().dump", (1, "stream"), "data", form="yaml"),
    Reads("tomllib.load", (0, "fp")),
    Reads("toml.load", (0, "f")),
    Saves("toml.dump", (1, "f"), "data", form="text"),
    Reads("configparser.**.read", (0, "filenames")),
    Reads("configparser.**.read_file", (0, "f")),
    Saves("configparser.**.write", (0, "fp"), "data", form="text"),
    Reads("jsonlines.open", (0, "file"), mode=(1, "mode")),
    Reads("jsonlines.Reader", (0, "fp")),
    Saves("jsonlines.**.write", (RECEIVER,), "data", form="json"),
    Saves("jsonlines.**.write_all", (RECEIVER,), "data", form="json"),
    Reads("srsly.read_*", (0, "path")),
    Saves("srsly.write_*", (0, "path"), "data"),
    Reads("omegaconf.OmegaConf.load", (0, "file_")),
    Saves("omegaconf.OmegaConf.save", (1, "f"), "data", form="yaml"),
    Reads("csv.reader", (0, "csvfile")),
    Reads("csv.DictReader", (0, "f")),
    Saves("csv.writer", (0, "csvfile"), "data", form="csv"),
    Saves("csv.DictWriter", (0, "f"), "data", form="csv"),
    Reads("msgpack.unpack", (0, "stream")),
    Saves("msgpack.pack", (1, "stream")),
    Reads("xml.etree.ElementTree.parse", (0, "source")),
    Reads("lxml.etree.parse", (0, "source")),
    Reads("bson.decode_file_iter", (0, "file_obj")),
)

_PICKLES: tuple[Row, ...] = (
    *(
        row
        for module in ("pickle", "cloudpickle", "dill", "marshal")
        for row in (Reads(f"{module}.load", (0, "file")), Saves(f"{module}.dump", (1, "file"), form="pickle"))
    ),
    *(Saves(f"{module}.Pickler", (0, "file"), form="pickle") for module in ("pickle", "dill")),
    *(Reads(f"{module}.Unpickler", (0, "file")) for module in ("pickle", "dill")),
    Saves("cloudpickle.Pickler", (0, "file"), form="pickle"),
    Reads("joblib.load", (0, "filename")),
    Saves("joblib.dump", (1, "filename"), form="joblib"),
    Reads("compress_pickle.load", (0, "path")),
    Saves("compress_pickle.dump", (1, "path"), form="pickle"),
    Reads("skops.io.load", (0, "file")),
    Saves("skops.io.dump", (1, "file"), framework="sklearn", form="skops"),
)

_NETWORK: tuple[Row, ...] = (
    Fetches("urllib.request.urlopen", anything=True),
    Fetches("urllib.request.urlretrieve", anything=True, target=("filename", 1)),
    Fetches("urllib.urlretrieve", anything=True, target=("filename", 1)),
    *(
        Fetches(f"{module}.get", anything=True)
        for module in ("requests", "httpx", "urllib3", "requests.Session()")
    ),
    Fetches("requests.request", anything=True),
    Fetches("wget.download", anything=True, target=("out", 1)),
    Fetches("gdown.download", anything=True, target=("output", 1)),
    Fetches("gdown.download_folder", anything=True, target=("output",)),
    Fetches("kaggle.api.dataset_download_files", target=("path", 1)),
    Fetches("kagglehub.dataset_download"),
    Fetches("kagglehub.model_download", anything=True),
    Fetches("opendatasets.download", target=("data_dir", 1)),
    Fetches("ucimlrepo.fetch_ucirepo"),
    Fetches("pooch.retrieve", anything=True, target=("path", 3)),
)

_ANY_OBJECT: tuple[Row, ...] = (
    *(
        Returns(f"{module}.{name}", ANYTHING)
        for module in ("pickle", "cloudpickle", "dill", "joblib", "compress_pickle", "skops.io")
        for name in ("load", "loads")
    ),
    *(
        Returns(name, ANYTHING)
        for name in (
            "copy.copy",
            "copy.deepcopy",
            "functools.partial",
            "functools.reduce",
            "operator.itemgetter()",
        )
    ),
    *(Returns(name, ANYTHING) for name in ("next", "getattr", "eval", "max", "min", "vars", "globals")),
    *(
        Returns(f"builtins.{name}", ANYTHING)
        for name in ("next", "getattr", "eval", "max", "min", "vars", "globals")
    ),
    Returns("importlib.import_module().**", ANYTHING),
    *(Returns(f"dict().{name}", ANYTHING) for name in ("get", "pop", "setdefault")),
    *(Returns(f"builtins.dict().{name}", ANYTHING) for name in ("get", "pop", "setdefault")),
    Returns("list().pop", ANYTHING),
    Returns("builtins.list().pop", ANYTHING),
    Returns("hydra.utils.instantiate", ANYTHING),
    Returns("hydra.utils.call", ANYTHING),
)

ROWS: tuple[Row, ...] = (*_ANY_OBJECT, *_OPENING, *_FOLDERS, *_TEXT, *_PICKLES, *_NETWORK)

LIBRARIES: tuple[Library, ...] = (
    *(
        Library(f"os.{name}", ALL)
        for name in (
            *("system", "popen", "startfile", "posix_spawn", "posix_spawnp"),
            *("execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe"),
            *("spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"),
        )
    ),
    *(
        Library(name, ALL)
        for name in (
            "asyncio.create_subprocess_exec",
            "asyncio.create_subprocess_shell",
            "cProfile",
            "code",
            "commands",
            "ctypes",
            "eval",
            "builtins.eval",
            "exec",
            "builtins.exec",
            "execfile",
            "__import__",
            "builtins.__import__",
            "imp",
            "importlib",
            "profile",
            "pty",
            "runpy",
            "subprocess",
        )
    ),
    # Parts of importlib that run nothing.
    *(Library(f"importlib.{name}") for name in ("metadata", "resources", "invalidate_caches")),
)
