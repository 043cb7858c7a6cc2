"""The addresses of SageMaker's training images: account, region, repository and version.

Source: the image tables of sagemaker 2.257.7 and sagemaker-core 2.27.0 together (``tables/image_registries.json``, of
2026-11). Tables age: a region, a repository or a newer version that they lack is unknown, not wrong. An account that is
none of AWS's may hold copies of its images.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from flake8_training.pattern import pattern
from flake8_training.record import Record
from flake8_training.sagemaker.framework_versions import processors, version_pair
from flake8_training.sagemaker.table_files import load
from flake8_training.spelling import closest, did_you_mean, distance

UNKNOWN_PART = "\0"
"""The mark of an unknown part of an address."""
_ADDRESS = pattern(
    r"(?P<account>[^./:]+)\.dkr\.ecr\.(?P<region>[^./:]+)\.(?P<domain>[^/:]+)/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@.*)?"
)
_NUMBER = pattern(r"\d+(?:[.-]\d+)*")
_LINES = pattern(r"\d+")
_OF_TRANSFORMERS = pattern(r"(\d[\d.]*)-transformers(\d[\d.]*)")
_PYTHON_OF_TAG = pattern(r"-(py\d+)(?:-|$)")
_PROCESSOR = pattern(r"-(cpu|gpu)(?:-|$)")
_INFERENCE = pattern(r"(?:[a-z-]*-)?inference(?:-[a-z0-9-]+)?")
_NEWEST_LINES = 3
_FRAMEWORKS = {
    "pytorch-training": "pytorch",
    "tensorflow-training": "tensorflow",
    "mxnet-training": "mxnet",
    "huggingface-pytorch-training": "huggingface",
    "huggingface-tensorflow-training": "huggingface",
}
"""The repositories of one framework's images, with the framework of ``framework_versions``."""


class Address(Record):
    """The parts of an image's address in ECR; a part that is unknown is None."""

    account: str | None
    region: str | None
    domain: str | None
    repository: str | None
    tag: str | None

    @property
    def is_of_aws(self) -> bool:
        """Return whether the account is one in which AWS keeps training images."""
        return self.account in _accounts()

    @property
    def is_of_table(self) -> bool:
        """Return whether the repository has the name of one of AWS's."""
        return self.repository in _repositories()


def address(uri: str) -> Address | None:
    """Return the parts of an address; None if it is no address in ECR."""
    found = _ADDRESS.fullmatch(uri)
    if found is None:
        return None
    parts = (found[name] for name in ("account", "region", "domain", "repository", "tag"))
    return Address(*(None if part is None or UNKNOWN_PART in part else part for part in parts))


def image_problem(where: Address, *, for_training: bool) -> str:
    """Return why no training job can pull an image; empty if it may exist. ``for_training``: a job trains with it."""
    region = _region_problem(where)
    if region:
        return region
    account, repository = where.account, where.repository
    if account is not None and account.isdigit() and len(account) != 12 and not is_dummy_account(account):
        return f"account {account} has {len(account)} digits instead of 12"
    if repository is None or account is None:
        return ""
    row = _repositories().get(repository)
    if row is None:
        if account not in _accounts():
            return ""
        if for_training and _INFERENCE.fullmatch(repository):
            return f"{repository} is for inference: it has no program that trains"
        near = closest(repository, sorted(_repositories_of(account)))
        return f"account {account} has no repository {repository}{did_you_mean(near)}" if near else ""
    accounts = _accounts_of(repository)
    here = accounts.get(where.region or "", frozenset())
    known = frozenset().union(*accounts.values())
    if account not in known:
        if account not in _accounts():
            meant = [one for one in here or known if distance(one, account, 1) <= 1]
            return f"account {account}{did_you_mean(meant[0])}" if len(meant) == 1 else ""
        longer = [one for one in _repositories_of(account) if one.endswith(f"-{repository}")]
        if len(longer) == 1:
            return f"account {account} has no repository {repository}{did_you_mean(longer[0])}"
        right = f"account {'/'.join(sorted(here))}" if here else "another account"
        return f"account {account} has no repository {repository}: it is in {right}"
    if here and account not in here:
        return f"{repository} is in account {'/'.join(sorted(here))} in {where.region}, not in {account}"
    return _version_problem(repository, where.tag, row) if where.tag else ""


def is_framework(name: str) -> bool:
    """Return whether ``image_uris.retrieve`` knows a framework or algorithm of this name."""
    return name in load("image_registries")["frameworks"]


def framework_problem(name: str) -> str:
    """Return why ``image_uris.retrieve`` knows no framework or algorithm of this name; empty if it may."""
    known: list[str] = load("image_registries")["frameworks"]
    plain = name.removesuffix("-training").removesuffix("-inference")
    near = None if name in known else plain if plain in known else closest(name, known)
    return f"no framework {name}{did_you_mean(near)}" if near else ""


def is_in_other_case(name: str) -> bool:
    """Return whether a framework's name differs from a known one in upper and lower case only.

    ``image_uris.retrieve`` opens a file of the framework's name, so it finds one where names of files ignore case.
    """
    return not is_framework(name) and is_framework(name.lower())


def region_problem(region: str) -> str:
    """Return why a region is none; empty if it may exist."""
    known = _regions()
    near = None if region in known else closest(region, sorted(known)) or _with_other_hyphens(region)
    return f"no region {region}{did_you_mean(near)}" if near else ""


def _with_other_hyphens(region: str) -> str | None:
    """Return the region that a name means which differs in its hyphens only."""
    found = [one for one in _regions() if one.replace("-", "") == region.replace("-", "").replace("_", "")]
    return found[0] if len(found) == 1 else None


def _region_problem(where: Address) -> str:
    if where.region is None:
        return ""
    wrong = region_problem(where.region)
    if wrong or where.domain is None or where.region not in _regions():
        return wrong
    if where.domain in ("amazonaws.com", "amazonaws.com.cn"):
        right = "amazonaws.com.cn" if where.region.startswith("cn-") else "amazonaws.com"
        is_public = not where.region.startswith(("us-iso", "eu-isoe"))
        return f"the domain of {where.region} is {right}" if is_public and where.domain != right else ""
    near = distance(where.domain, "amazonaws.com", 2) <= 2
    return f"no domain {where.domain}{did_you_mean('amazonaws.com')}" if near else ""


def is_dummy_account(account: str) -> bool:
    """Return whether the number of an account stands for another: 123456789012, 123123, 000000000000, 12345."""
    return not 9 < len(account) < 15 or len(set(account)) < 3 or "12345" in account


def _version_problem(repository: str, tag: str, row: Mapping[str, Any]) -> str:
    known: list[str] = row["versions"]
    found = _NUMBER.match(tag)
    if found is None:
        return ""
    pair = _OF_TRANSFORMERS.match(tag)
    if pair is not None and any(f"transformers{pair[2]}" in one for one in known):
        bases = [one.partition("-")[0] for one in known if one.endswith(f"-transformers{pair[2]}")]
        if bases and not any(base == pair[1] or base.startswith(f"{pair[1]}.") for base in bases):
            return f"{repository} has transformers {pair[2]} with {', '.join(bases)}, not with {pair[1]}"
    numbers = [_lines(one) for one in known]
    lines = sorted({one[:2] for one in numbers if one})
    wanted = _lines(found[0])
    own = wanted[:2]
    if not lines or len(own) < 2:
        return ""
    if own > lines[-1]:
        then = row.get("then")
        return f"{repository} ends with version {known[-1]}; newer ones are in {then}" if then else ""
    if len(lines) == 1:
        return ""  # the SDKs' table is not the history of the repository: 1.13 of pytorch-training-neuronx exists
    if own not in lines:
        if pair is not None:
            return ""  # Hugging Face publishes images that no SDK lists, such as PyTorch 2.6.0 with transformers 4.51.3
        if own > lines[-min(_NEWEST_LINES, len(lines))]:
            return ""
        return f"{repository} has no version {found[0]}"
    return _pair_problem(repository, found[0], tag)


def _pair_problem(repository: str, version: str, tag: str) -> str:
    framework = _FRAMEWORKS.get(repository)
    if framework is None:
        return ""
    processor, python = _PROCESSOR.search(tag), _PYTHON_OF_TAG.search(tag)
    if processor is not None and processors(framework) and processor[1] not in processors(framework):
        return f"{repository} has no {processor[1].upper()} images"
    if python is None or framework == "huggingface":
        return ""
    judged = version_pair(framework, version, python[1])
    if judged.kind != "wrong_python":
        return ""
    return f"{repository} {version} {judged.detail}, not {python[1]}"


def _lines(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in _LINES.findall(version.partition("-transformers")[0]))


def _repositories() -> Mapping[str, Any]:
    found: Mapping[str, Any] = load("image_registries")["repositories"]
    return found


@functools.cache
def _accounts() -> frozenset[str]:
    return frozenset(account for row in load("image_registries")["registries"] for account in row)


@functools.cache
def _regions() -> frozenset[str]:
    rows = load("image_registries")["registries"]
    return frozenset(region for row in rows for regions in row.values() for region in regions)


def _accounts_of(repository: str) -> dict[str, frozenset[str]]:
    """Return the accounts of a repository by region."""
    table = load("image_registries")
    found: dict[str, frozenset[str]] = {}
    for number in table["repositories"][repository]["registries"]:
        for account, regions in table["registries"][number].items():
            for region in regions:
                found[region] = found.get(region, frozenset()) | {account}
    return found


def _repositories_of(account: str) -> frozenset[str]:
    table = load("image_registries")
    numbers = {number for number, row in enumerate(table["registries"]) if account in row}
    return frozenset(name for name, row in table["repositories"].items() if numbers & set(row["registries"]))
