"""The scalars of YAML as PyYAML's safe loader reads them, from its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import yaml

CORE: Final = "tag:yaml.org,2002:"
MAX_DIGITS: Final = 400
"""The most digits of a number that is read: no setting has more."""


class Scalars:
    """Reads scalars. PyYAML is imported when the first object of this class is constructed."""

    def __init__(self) -> None:
        import yaml

        self._resolver = yaml.resolver.Resolver()
        self._constructor = yaml.constructor.SafeConstructor()

    def tag(self, event: yaml.ScalarEvent) -> str:
        """Return the tag of a scalar: its own, or the one that YAML implies for its text."""
        import yaml

        if event.tag and event.tag != "!":
            own: str = event.tag
            return own
        if event.style in ("'", '"', "|", ">") or event.tag == "!":
            return f"{CORE}str"
        tag: str = self._resolver.resolve(yaml.ScalarNode, event.value, (True, False))  # type: ignore[no-untyped-call]
        return tag

    def value(self, tag: str, source: str) -> str | int | float | bool | None:
        """Return a null, number or truth value, or the text itself for any other tag.

        Raises ``ValueError`` for a text that its tag does not allow, and for a number of too many digits.
        """
        import yaml

        kind = tag[len(CORE) :]
        if kind == "null":
            return None
        if kind not in ("int", "float", "bool"):
            return source
        # A colon makes each number of the text a digit of base 60 (1:30:00), and of a float one, too.
        if len(source) > MAX_DIGITS and (kind == "int" or ":" in source):
            raise ValueError(f"a number of more than {MAX_DIGITS} digits")
        construct = getattr(self._constructor, f"construct_yaml_{kind}")
        try:
            value: int | float | bool = construct(yaml.ScalarNode(tag, source))
        except (ValueError, KeyError, IndexError, OverflowError):
            raise ValueError(f"{source[:40]!r} is no {kind}") from None
        return value
