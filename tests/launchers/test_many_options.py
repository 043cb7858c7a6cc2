"""How many options a spelling is compared with."""

from __future__ import annotations

from training_alignment.launches.accepted_options import AcceptedOptions, Library, Match

from tests.script.reading import script


def test_a_spelling_is_compared_with_the_options_beside_it() -> None:
    lines = [f'parser.add_argument("--option-{n:03}")' for n in range(300)]
    source = "\n".join(
        ["import argparse", "parser = argparse.ArgumentParser()", *lines, "parser.parse_args()"]
    )
    options = tuple(script(source).analysis.options.all)
    accepted = AcceptedOptions(Library.ARGPARSE, options, True)
    compared: list[str] = []

    def counted(known: str) -> bool:
        compared.append(known)
        return known == "--option-100"

    (found,) = accepted._spelt_like("--option-100", counted)
    assert "--option-100" in found.flags
    assert compared == ["--option-100", "--option-101"]
    assert accepted.match("--option-29")[0] is Match.SEVERAL
    assert accepted.match("--other")[0] is Match.NONE
