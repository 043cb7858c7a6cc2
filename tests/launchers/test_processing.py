"""TRN451 to TRN454: processing jobs against their scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import notebook, said

HEAD = """
import os
from sagemaker.processing import FrameworkProcessor, ProcessingInput, ProcessingOutput, Processor, ScriptProcessor
from sagemaker.pytorch import PyTorch
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep
on = dict(role="r", instance_type="ml.m5.xlarge", instance_count=1, sagemaker_session=PipelineSession())
sk = SKLearnProcessor("1.2-1", **on)
script = ScriptProcessor(image_uri="i", command=["python3"], **on)
framework = FrameworkProcessor(PyTorch, "2.1", **on)
def mount(path, name="raw"):
    return ProcessingInput(source="s3://churn/raw", destination=path, input_name=name)
def keep(path, name="train"):
    return ProcessingOutput(source=path, output_name=name)
"""
V3 = """
from sagemaker.core.processing import FrameworkProcessor, ScriptProcessor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
on = dict(image_uri="i", role="r", instance_type="ml.m5.xlarge", instance_count=1)
script = ScriptProcessor(command=["python3"], **on)
framework = FrameworkProcessor(**on)
def mount(path, name="raw"):
    return ProcessingInput(input_name=name, s3_input=ProcessingS3Input(
        s3_uri="s3://churn/raw", s3_data_type="S3Prefix", local_path=path))
def keep(path, name="train"):
    return ProcessingOutput(output_name=name, s3_output=ProcessingS3Output(
        s3_uri="s3://churn/clean", local_path=path, s3_upload_mode="EndOfJob"))
"""
SCRIPT = """
import argparse
import os
import pandas as pd
parser = argparse.ArgumentParser()
parser.add_argument("--share", type=float, {share})
parser.add_argument("--folder", default="/opt/ml/processing/input")
args = parser.{parse}()
rows = pd.read_csv({read})
{write}
"""
RAW = "/opt/ml/processing/input"
CLEAN = "/opt/ml/processing/train"


def script(
    share: str = "default=0.2",
    parse: str = "parse_args",
    read: str = f"'{RAW}/churn.csv'",
    write: str = f"rows.to_csv('{CLEAN}/churn.csv')",
) -> str:
    """Return a processing script."""
    return SCRIPT.format(share=share, parse=parse, read=read, write=write)


REQUEST = """
import boto3
boto3.client("sagemaker").create_processing_job(
    ProcessingJobName="clean", RoleArn="arn:aws:iam::123456789012:role/P",
    ProcessingResources={{"ClusterConfig": {{"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}}}},
    AppSpecification={{"ImageUri": "i", "ContainerEntrypoint": ["python3", "/opt/ml/code/clean.py"{more}],
        "ContainerArguments": {arguments}}},
    ProcessingInputs=[{{"InputName": "raw", "S3Input": {{"S3Uri": "s3://b/x", "LocalPath": "{mounted}"}}}}],
    ProcessingOutputConfig={{"Outputs": [{{"OutputName": "train", "S3Output": {{"S3Uri": "s3://b/y",
        "LocalPath": "{kept}", "S3UploadMode": "EndOfJob"}}}}]}},
)
"""


def request(arguments: str = "[]", mounted: str = RAW, kept: str = CLEAN, more: str = "") -> str:
    """Return a request of boto3."""
    return REQUEST.format(arguments=arguments, mounted=mounted, kept=kept, more=more)


FILES = {"jobs/clean.py": script(), "src/clean.py": script(), "src/other.py": "print(1)\n"}

MISSING = {
    "no such folder": "script.run(code='steps/clean.py')",
    "no such script": "sk.run(code='jobs/cleaning.py')",
    "of a step": "ProcessingStep('P', processor=sk, code='jobs/cleaning.py')",
    "in the step's arguments": "ProcessingStep('P', step_args=script.run(code='jobs/cleaning.py'))",
    "not in the source folder": "framework.run(code='cleaning.py', source_dir='src')",
    "the folder twice": "framework.run(code='src/clean.py', source_dir='src')",
    "beside the launcher": "script.run(code=os.path.join(os.path.dirname(__file__), 'jobs', 'cleaning.py'))",
    "a folder": "script.run(code='jobs')",
    "by name": "where = 'jobs/cleaning.py'\nsk.run(where)",
}
THERE = {
    "there": "script.run(code='jobs/clean.py')",
    "from another folder": "script.run(code='../jobs/clean.py')",
    "in the source folder": "framework.run('clean.py', source_dir='src')",
    "in the cloud": "script.run(code='s3://churn/code/cleaning.py')",
    "unknown": "script.run(code=read())",
    "one of two": "script.run(code='jobs/cleaning.py' if read() else 'jobs/clean.py')",
    "from git": "framework.run(code='cleaning.py', source_dir='src', git_config={'repo': 'r'})",
    "an unknown folder": "framework.run(code='cleaning.py', source_dir=read())",
    "another processor": "read().run(code='jobs/cleaning.py')",
    "brought": "import shutil\nshutil.copy('x.py', 'jobs/cleaning.py')\nscript.run(code='jobs/cleaning.py')",
    "in a test": "import pytest\ndef test_it():\n  with pytest.raises(ValueError):\n    script.run(code='no/such.py')",
}


def _with_both(names: dict[str, str]) -> list[tuple[str, str]]:
    """Return each name with the heads of both SDKs; only that of v2 if its launcher has a class of v2."""
    of_v2 = ("sk.", "ProcessingStep")
    return [
        (n, h)
        for n, text in names.items()
        for h in (HEAD, V3)
        if h is HEAD or not any(o in text for o in of_v2)
    ]


@pytest.mark.parametrize(("name", "head"), _with_both(MISSING))
def test_missing_code(name: str, head: str, tmp_path: Path) -> None:
    found = said(tmp_path, {"process.py": f"import os\n{head}\n{MISSING[name]}\n", **FILES}, "TRN451")
    assert [one[:6] for one in found] == ["TRN451"]


@pytest.mark.parametrize("name", THERE)
def test_code_is_there(name: str, tmp_path: Path) -> None:
    assert said(tmp_path, {"process.py": f"{HEAD}\n{THERE[name]}\n", **FILES}, "TRN451") == []


RUN = "script.run(code='jobs/clean.py', arguments={})"
REFUSED = {
    "an underscore": ("['--test_share', '0.2']", script(), "it has no --test_share"),
    "misspelt": ("['--shares', '0.2']", script(), "did you mean --share?"),
    "one word": ("['--foldr=/tmp']", script(), "did you mean --folder?"),
    "a value": ("['--share', 'many']", script(), "rejects --share many"),
    "dropped": ("['--rate', '1']", script(parse="parse_known_args"), "drops it"),
    "by name": ("words", script(), "it has no --rate"),
    "appended": ("more", script(), "it has no --rate"),
    "required": ("['--folder', 'x']", script("required=True"), "requires --share"),
    "required of nothing": ("[]", script("required=True"), "requires --share"),
    "beside an unknown value": ("['--folder', read()]", script("required=True"), "requires --share"),
    "beside a variable": ("['--folder', ParameterString('F')]", script("required=True"), "requires --share"),
}
BEFORE = "words = ['--rate', '1']\nmore = []\nmore.append('--rate')\nmore.append('1')\n"
ACCEPTED = {
    "accepted": ("['--share', '0.2', '--folder=/tmp']", script("required=True")),
    "a beginning": ("['--fold', '/tmp']", script()),
    "a variable": ("['--share', ParameterString('S')]", script("required=True")),
    "an unknown value": ("['--share', read()]", script("required=True")),
    "unknown words": ("read()", script("required=True")),
    "a word that may be an option": ("[read(), '0.2']", script("required=True")),
    "more words": ("['--folder', 'x', *read()]", script("required=True")),
    "no parser": ("['--rate', '1']", "import sys\nprint(sys.argv)\n"),
    "an own parser": ("['--rate', '1']", "import churn\nchurn.main()\n"),
    "a library's options": ("['--rate', '1']", script().replace("args =", "churn.add(parser)\nargs =")),
    "required at times": (
        "[]",
        script().replace("args =", "if rows():\n    parser.add_argument('--key', required=True)\nargs ="),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    words, text, detail = REFUSED[name]
    files = {"process.py": f"{HEAD}\n{BEFORE}{RUN.format(words)}\n", "jobs/clean.py": text}
    (found,) = said(tmp_path, files, "TRN452")
    assert detail in found


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str, tmp_path: Path) -> None:
    words, text = ACCEPTED[name]
    files = {"process.py": f"{HEAD}\n{BEFORE}{RUN.format(words)}\n", "jobs/clean.py": text}
    assert said(tmp_path, files, "TRN452") == []


OTHER_WAYS = {
    "of a step": f"{HEAD}\nProcessingStep('P', processor=sk, code='jobs/clean.py', job_arguments=['--rate', '1'])",
    "of a framework": f"{HEAD}\nframework.run('clean.py', source_dir='jobs', arguments=['--rate', '1'])",
    "of v3": f"{V3}\nscript.run(code='jobs/clean.py', arguments=['--rate', '1'])",
    "of a framework of v3": f"{V3}\nframework.run(code='clean.py', source_dir='jobs', arguments=['--rate', '1'])",
    "of an image": f"{HEAD}\nProcessor(image_uri='i', entrypoint=['python3', '/opt/clean.py'], **on).run("
    "arguments=['--rate', '1'])",
    "of a request": request("['--rate', '1']"),
    "in its command": request("[]", more=", '--rate', '1'"),
    "of a function": f"{HEAD}\ndef start(words):\n    {RUN.format('words')}\nstart(['--rate', '1'])",
    "of one of two calls": f"{HEAD}\ndef start(words):\n    {RUN.format('words')}\n"
    "start(['--rate', '1'])\nstart(['--share', '1'])",
}


@pytest.mark.parametrize("name", OTHER_WAYS)
def test_other_ways(name: str, tmp_path: Path) -> None:
    files = {"process.py": OTHER_WAYS[name], "jobs/clean.py": script()}
    (found,) = said(tmp_path, files, "TRN452")
    assert "it has no --rate" in found


JOB = "script.run(code='jobs/clean.py', inputs=[{}], outputs=[{}], arguments=[{}])"
DOWNLOADING = f"""
from torchvision.datasets import MNIST
print(len(MNIST("{RAW}/data", download={{}})))
"""
UNMOUNTED = {
    "a file of unknown name is written beside the script": (
        JOB.format("mount('/opt/ml/processing/raw')", "", ""),
        script().replace("rows =", "open(f'log-{args.share}.txt', 'w').close()\nrows ="),
    ),
    "tested to print it": (
        JOB.format("mount('/opt/ml/processing/raw')", "", ""),
        script().replace("rows =", f"print(f\"there: {{os.path.isfile('{RAW}/churn.csv')}}\")\nrows ="),
    ),
    "misspelt": (JOB.format("mount('/opt/ml/processing/inputs')", "", ""), script()),
    "elsewhere": (JOB.format("mount('/opt/ml/processing/raw')", "", ""), script()),
    "no inputs": ("script.run(code='jobs/clean.py')", script()),
    "an option": (
        JOB.format(f"mount('{RAW}')", "", "'--folder', '/opt/ml/processing/raw'"),
        script(read="os.path.join(args.folder, 'churn.csv')"),
    ),
    "a default": (
        JOB.format("mount('/opt/ml/processing/raw')", "", ""),
        script(read="os.path.join(args.folder, 'churn.csv')"),
    ),
    "a constant": (
        JOB.format("mount('/opt/ml/processing/raw')", "", ""),
        script(read="BASE + '/churn.csv'").replace("args =", f"BASE = '{RAW}'\nargs ="),
    ),
    "another input": (JOB.format(f"mount('{RAW}/more'), mount('/opt/ml/processing/raw')", "", ""), script()),
    "written after it is read": (
        JOB.format("mount('/opt/ml/processing/raw')", "", ""),
        script().replace("rows.to_csv", f"rows.to_csv('{RAW}/small.csv'); rows.to_csv"),
    ),
    "an archive that is unpacked there": (
        JOB.format("mount('/opt/ml/processing/raw')", "", ""),
        script(read=f"'{RAW}/a.tar.gz'").replace(
            "rows =",
            f"import tarfile\ntarfile.is_tarfile('{RAW}/a.tar.gz')\n"
            f"tarfile.open('{RAW}/a.tar.gz').extractall('{RAW}')\nrows =",
        ),
    ),
    "a data set that downloads nothing": (JOB.format("", "", ""), DOWNLOADING.format("False")),
    "of a step": (
        "ProcessingStep('P', processor=sk, code='jobs/clean.py', inputs=[mount('/opt/ml/processing/raw')])",
        script(),
    ),
}
MOUNTED = {
    "tested, and fetched": (
        JOB.format("mount('/opt/ml/processing/raw')", "", ""),
        script().replace("rows =", f"print(os.path.isfile('{RAW}/churn.csv') or fetch())\nrows ="),
    ),
    "a data set that downloads itself": (JOB.format("", "", ""), DOWNLOADING.format("True")),
    "mounted": (JOB.format(f"mount('{RAW}')", "", ""), script()),
    "a file below": (JOB.format(f"mount('{RAW}/churn.csv')", "", ""), script(read=f"'{RAW}'")),
    "the whole folder": (JOB.format("mount('/opt/ml/processing')", "", ""), script()),
    "unknown": (JOB.format("mount(read())", "", ""), script()),
    "unknown inputs": ("script.run(code='jobs/clean.py', inputs=read())", script()),
    "more inputs": (JOB.format("*read()", "", ""), script()),
    "an option": (
        JOB.format("mount('/opt/ml/processing/raw')", "", "'--folder', '/opt/ml/processing/raw'"),
        script(read="os.path.join(args.folder, 'churn.csv')"),
    ),
    "an unknown option": (
        JOB.format("mount('/opt/ml/processing/raw')", "", "'--folder', read()"),
        script(read="os.path.join(args.folder, 'churn.csv')"),
    ),
    "at times": (
        JOB.format("", "", ""),
        script().replace("rows =", f"if os.path.exists('{RAW}'): rows =").replace("rows.to_csv", "print"),
    ),
    "caught": (
        JOB.format("", "", ""),
        script().replace("rows =", "try: rows =").replace("rows.to_csv", "except OSError: rows.to_csv"),
    ),
    "made by the script": (
        JOB.format("", "", ""),
        script().replace("args =", f"fetch('{RAW}/churn.csv')\nargs ="),
    ),
    "written before": (
        JOB.format("", "", ""),
        script().replace("rows =", f"pd.DataFrame().to_csv('{RAW}/churn.csv')\nrows ="),
    ),
    "written in an earlier round of a loop": (
        JOB.format("", "", ""),
        script().replace(
            "rows =",
            f"for i in (1, 2):\n    rows = pd.read_csv('{RAW}/churn.csv'); rows.to_csv('{RAW}/churn.csv')\nrows =",
        ),
    ),
    "an output": (JOB.format("", f"keep('{RAW}')", ""), script()),
    "the code": ("script.run(code='jobs/clean.py')", script(read=f"'{RAW}/code/churn.csv'")),
    "a place of its own": ("script.run(code='jobs/clean.py')", script(read="'/tmp/churn.csv'")),
}


@pytest.mark.parametrize(("name", "head"), _with_both({name: one[0] for name, one in UNMOUNTED.items()}))
def test_unmounted(name: str, head: str, tmp_path: Path) -> None:
    start, text = UNMOUNTED[name]
    if name == "another input":
        text = text.replace(f"'{RAW}/churn.csv'", "'/opt/ml/processing/other/churn.csv'")
    files = {"process.py": f"{head}\n{start}\n", "jobs/clean.py": text}
    assert [one[:6] for one in said(tmp_path, files, "TRN453")] == ["TRN453"]


@pytest.mark.parametrize("name", MOUNTED)
def test_mounted(name: str, tmp_path: Path) -> None:
    start, text = MOUNTED[name]
    files = {"process.py": f"{HEAD}\n{start}\n", "jobs/clean.py": text}
    assert said(tmp_path, files, "TRN453") == []


OF_REQUESTS = {
    "TRN453": request(mounted="/opt/ml/processing/raw"),
    "TRN454": request(kept="/opt/ml/processing/validation"),
}


@pytest.mark.parametrize("code", OF_REQUESTS)
def test_requests(code: str, tmp_path: Path) -> None:
    files = {"process.py": OF_REQUESTS[code], "jobs/clean.py": script()}
    assert [one[:6] for one in said(tmp_path, files, "TRN453", "TRN454")] == [code]
    assert said(tmp_path, {"process.py": request()}, "TRN45") == []


def _outputs(*paths: str) -> str:
    return JOB.format(f"mount('{RAW}')", ", ".join(f"keep('{path}')" for path in paths), "")


OTHER = "/opt/ml/processing/validation"


def _with_option(option: str, value: str, use: str = "", imports: str = "os") -> tuple[str, str]:
    """Return a job that passes an option without a default, and a script that uses it before it reads its data."""
    start = JOB.format("", f"keep('{CLEAN}'), keep('{OTHER}')", f"'{option}', {value}")
    parser = f"import {imports}\nparser.add_argument('{option}')\nargs ="
    return start, script().replace("args =", parser).replace("rows =", f"{use}\nrows =")


UNWRITTEN = {
    "another folder": (_outputs(OTHER), script()),
    "one of two": (_outputs(CLEAN, OTHER), script()),
    "misspelt": (_outputs(CLEAN + "ing"), script()),
    "a loop": (
        _outputs(CLEAN, OTHER),
        script(
            write="for n in ('train', 'test'): rows.to_csv(os.path.join('/opt/ml/processing', n, 'x.csv'))"
        ),
    ),
    "a download from an unknown bucket": (
        _outputs(CLEAN, OTHER),
        script().replace(
            "args =",
            "import boto3\nboto3.client('s3').download_file(read(), read(), '/tmp/churn.csv')\nargs =",
        ),
    ),
    "only tested": (_outputs(CLEAN, OTHER), script().replace("args =", f"os.path.exists('{OTHER}')\nargs =")),
    "an option's default": (
        _outputs(CLEAN, OTHER),
        script(write="rows.to_csv(args.folder + '/x')").replace(RAW, CLEAN, 1),
    ),
    "an unknown address of a download": _with_option(
        "--source-path",
        "read()",
        "boto3.client('s3').download_file('b', args.source_path, '/tmp/x')",
        "boto3",
    ),
    "a folder that the job passes to an option without a default": _with_option(
        "--source", "'s3://churn/raw'"
    ),
    "of a step": (
        f"ProcessingStep('P', processor=sk, code='jobs/clean.py', outputs=[keep('{OTHER}')])",
        script(),
    ),
}
WRITTEN = {
    "written": (_outputs(CLEAN), script()),
    "above": (_outputs("/opt/ml/processing"), script()),
    "by a loop": (
        _outputs(CLEAN, OTHER),
        script(write="for n in ('train', 'validation'): rows.to_csv(f'/opt/ml/processing/{n}/x.csv')"),
    ),
    "by names that are unknown": (
        _outputs(CLEAN, OTHER),
        script(
            write="for n, part in split(rows): part.to_csv(os.path.join('/opt/ml/processing', n, 'x.csv'))"
        ),
    ),
    "by unknown code": (_outputs(OTHER), script(write=f"split(rows, '{OTHER}')")),
    "at an unknown path": (_outputs(OTHER), script(write="rows.to_csv(os.environ['OUT'])")),
    "by a download to an unknown path": (
        _outputs(OTHER),
        script(write="import boto3\nboto3.client('s3').download_file('b', 'k', read())"),
    ),
    "by a download of an unknown address": (
        _outputs(OTHER),
        script(write="from urllib import request\nrequest.urlretrieve('https://churn.org', filename=read())"),
    ),
    "by another program": (
        _outputs(OTHER),
        script().replace(
            "args =", f"import subprocess\nsubprocess.run('cp -r /tmp/x {OTHER}', shell=True)\nargs ="
        ),
    ),
    "an unknown folder that the job passes to an option without a default": _with_option(
        "--target-dir", "read()", "tables.copy_file('x', args.target_dir)", "tables"
    ),
    "an unknown folder in the environment of another program": _with_option(
        "--target-dir", "read()", "os.environ['TARGET'] = args.target_dir"
    ),
    "an option": (
        JOB.format(f"mount('{RAW}')", f"keep('{OTHER}')", f"'--folder', '{OTHER}'"),
        script(write="rows.to_csv(args.folder + '/x.csv')"),
    ),
    "words that no option takes": (
        JOB.format("", f"keep('{OTHER}')", f"'--extra', '{OTHER}'"),
        script(parse="parse_known_args").replace("args =", "args, _ ="),
    ),
    "a word that no option takes": (
        JOB.format("", f"keep('{OTHER}')", f"'--extra={OTHER}'"),
        script(parse="parse_known_args").replace("args =", "args, _ ="),
    ),
    "a word after an option that has its value": (
        JOB.format("", f"keep('{OTHER}')", "'--share=0.5', read()"),
        script(parse="parse_known_args").replace("args =", "args, _ ="),
    ),
    "unknown": (JOB.format(f"mount('{RAW}')", "keep(read())", ""), script()),
    "unknown outputs": ("script.run(code='jobs/clean.py', outputs=read())", script()),
    "another working directory": (
        _outputs(OTHER),
        script().replace("args =", f"os.chdir('{OTHER}')\nargs ="),
    ),
    "an unknown script": (_outputs(OTHER), "import churn\nchurn.main()\n"),
}


@pytest.mark.parametrize(("name", "head"), _with_both({name: one[0] for name, one in UNWRITTEN.items()}))
def test_unwritten(name: str, head: str, tmp_path: Path) -> None:
    start, text = UNWRITTEN[name]
    files = {"process.py": f"{head}\n{start}\n", "jobs/clean.py": text}
    assert [one[:6] for one in said(tmp_path, files, "TRN454")] == ["TRN454"]


IDLE = {"empty": "", "a docstring": '"""Cleans."""\n', "definitions": "def clean():\n    return 1\n"}


@pytest.mark.parametrize("name", IDLE)
def test_a_script_that_does_nothing_is_one_finding(name: str, tmp_path: Path) -> None:
    job = f"script.run(code='jobs/clean.py', outputs=[keep('{CLEAN}'), keep('{OTHER}', 'test')], arguments=['--a'])"
    files = {"process.py": f"{HEAD}\n{job}\n", "jobs/clean.py": IDLE[name]}
    found = said(tmp_path, files, "TRN45")
    assert found == ["TRN454 train, test; no code runs when the script starts"]


@pytest.mark.parametrize("text", ["import churn\n", "def clean():\n    return 1\n\nclean()\n", script()])
def test_a_script_that_may_do_something(text: str, tmp_path: Path) -> None:
    files = {"process.py": f"{HEAD}\n{_outputs(CLEAN)}\n", "jobs/clean.py": text}
    assert not any("no code runs" in one for one in said(tmp_path, files, "TRN454"))


@pytest.mark.parametrize(
    ("arguments", "use", "details"),
    [
        ("", "pd.read_csv(args.where)", ["TRN452 --where has no default, and pandas.read_csv(None) fails"]),
        ("['--folder', 'x']", "open(args.where)", ["TRN452 --where has no default, and open(None) fails"]),
        ("['--where', 'x']", "open(args.where)", []),
        ("['--folder', 'x', read()]", "open(args.where)", []),
        ("", "print(args.where)", []),
    ],
)
def test_an_option_without_a_value(arguments: str, use: str, details: list[str], tmp_path: Path) -> None:
    passed = f", arguments={arguments}" if arguments else ""
    text = script().replace("args =", "parser.add_argument('--where')\nargs =") + f"{use}\n"
    files = {
        "process.py": f"{HEAD}\nscript.run(code='jobs/clean.py'{passed})\n",
        "jobs/clean.py": text,
    }
    assert said(tmp_path, files, "TRN452") == details


DOWNLOADS = [
    "torch.hub.download_url_to_file(ADDRESS, {})",
    "torch.hub.load_state_dict_from_url(ADDRESS, model_dir={})",
    "torchvision.datasets.utils.download_url(ADDRESS, {}, filename='x')",
    "torchvision.datasets.utils.download_and_extract_archive(ADDRESS, '/tmp', {})",
    "torchvision.datasets.utils.download_and_extract_archive(ADDRESS, {})",
    "mxnet.gluon.utils.download(ADDRESS, path={})",
    "mxnet.test_utils.download(ADDRESS, 'x', {})",
    "gluoncv.utils.download(ADDRESS, {})",
    "nltk.download('punkt', download_dir={})",
    "keras.utils.get_file('x', ADDRESS, cache_dir={})",
    "keras.utils.get_file('x', ADDRESS, False, None, None, 'x', 'auto', False, 'auto', {})",
]


@pytest.mark.parametrize("call", DOWNLOADS)
@pytest.mark.parametrize(("folder", "codes"), [("read()", []), ("'/tmp/x'", ["TRN454"])])
def test_a_download_may_write_an_output(call: str, folder: str, codes: list[str], tmp_path: Path) -> None:
    text = f"import {call.split('.')[0]}\nADDRESS = 'https://churn.org/x'\n{call.format(folder)}"
    files = {"process.py": f"{HEAD}\n{_outputs(OTHER)}\n", "jobs/clean.py": script(write=text)}
    assert [one[:6] for one in said(tmp_path, files, "TRN454")] == codes


@pytest.mark.parametrize("name", WRITTEN)
def test_written(name: str, tmp_path: Path) -> None:
    start, text = WRITTEN[name]
    files = {"process.py": f"{HEAD}\n{start}\n", "jobs/clean.py": text}
    assert said(tmp_path, files, "TRN454") == []


def test_in_a_notebook(tmp_path: Path) -> None:
    cells = notebook(
        HEAD,
        "%%writefile clean.py\n" + script("required=True").strip(),
        f"script.run(code='clean.py', inputs=[mount('/opt/ml/processing/raw')],\n"
        f"    outputs=[keep('{OTHER}')], arguments=['--rate', '1'])",
        "script.run(code='cleaning/clean.py')",
    )
    found = said(tmp_path, {"process.ipynb": cells}, "TRN45")
    assert sorted(one.split(":")[0] for one in found) == [
        "TRN451 cell 5 line 1",
        "TRN452 cell 4 line 2",
        "TRN453 cell 4 line 1",
        "TRN454 cell 4 line 2",
    ]


def test_a_changed_script_is_compared_with_its_job(tmp_path: Path) -> None:
    from tests.launchers.pairs import findings

    files = {
        "process.py": f"{HEAD}\n{RUN.format([])}\n",
        "jobs/clean.py": script("required=True"),
        "jobs/other.py": "print(1)\n",
    }
    assert [one.code for one in findings(tmp_path, files, "TRN452", check_only="jobs/clean.py")] == ["TRN452"]
    assert findings(tmp_path, files, "TRN452", check_only="jobs/other.py") == []


BESIDE = {"steps/prepare.py": "import parts\nprint(parts.SIZE)\n", "steps/parts.py": "SIZE = 4\n"}
OWN_IMAGE = 'ScriptProcessor(image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1", command=["python3"], **on)'
RETRIEVED = (
    'ScriptProcessor(image_uri=image_uris.retrieve("xgboost", "eu-west-1"), command=["python3"], **on)'
)
ABOVE = "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).parent.parent))\n"
NOT_MOUNTED = {
    "beside": ('sk.run(code="steps/prepare.py")', BESIDE),
    "in a step": ('ProcessingStep(name="prepare", processor=sk, code="steps/prepare.py")', BESIDE),
    "retrieved image": (
        f'from sagemaker import image_uris\n{RETRIEVED}.run(code="steps/prepare.py")',
        BESIDE,
    ),
    "other input": ('sk.run(code="steps/prepare.py", inputs=[mount("/opt/ml/processing/input")])', BESIDE),
    "added folder": (
        'sk.run(code="steps/prepare.py")',
        {**BESIDE, "steps/prepare.py": ABOVE + "from steps import parts\nprint(parts.SIZE)\n"},
    ),
}
MOUNTED_MODULES = {
    "alone": ('sk.run(code="steps/prepare.py")', {"steps/prepare.py": "import json\nprint(json)\n"}),
    "mounted code": (
        'sk.run(code="steps/prepare.py", inputs=[mount("/opt/ml/processing/input/code")])',
        BESIDE,
    ),
    "mounted module": ('sk.run(code="steps/prepare.py", inputs=[mount("/opt/ml/processing/parts")])', BESIDE),
    "unknown inputs": ('sk.run(code="steps/prepare.py", inputs=INPUTS)', BESIDE),
    "own image": (f'{OWN_IMAGE}.run(code="steps/prepare.py")', BESIDE),
    "variables": (
        'SKLearnProcessor("1.2-1", env={"PYTHONPATH": "/opt/ml/processing/input"}, **on).run(code="steps/prepare.py")',
        BESIDE,
    ),
    "installs": (
        'sk.run(code="steps/prepare.py")',
        {**BESIDE, "steps/prepare.py": "import os\nos.system('pip install parts')\nimport parts\n"},
    ),
    "caught": (
        'sk.run(code="steps/prepare.py")',
        {**BESIDE, "steps/prepare.py": "try:\n    import parts\nexcept ImportError:\n    parts = None\n"},
    ),
    "input in the path": (
        'sk.run(code="steps/prepare.py", inputs=[mount("/opt/ml/processing/more")])',
        {
            **BESIDE,
            "steps/prepare.py": "import sys\nsys.path.append('/opt/ml/processing/more/steps')\nimport parts\n",
        },
    ),
    "sent folder": ('framework.run(code="prepare.py", source_dir="steps")', BESIDE),
}


@pytest.mark.parametrize("name", NOT_MOUNTED)
def test_modules_that_are_not_mounted(name: str, tmp_path: Path) -> None:
    code, files = NOT_MOUNTED[name]
    assert said(tmp_path, {"process.py": HEAD + code + "\n", **files}, "TRN407") == [
        "TRN407 steps/parts.py (only the code's file is sent)"
    ]


@pytest.mark.parametrize("name", MOUNTED_MODULES)
def test_modules_that_are_or_may_be_mounted(name: str, tmp_path: Path) -> None:
    code, files = MOUNTED_MODULES[name]
    assert said(tmp_path, {"process.py": HEAD + code + "\n", **files}, "TRN407") == []
