"""Regular expressions that are compiled when they are first used.

A check of one step loads hundreds of modules, and uses few of their expressions. Compiling one takes a tenth of a
millisecond, and the module ``re`` takes as long to import as half the interpreter.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any, AnyStr


class _Pattern:
    """A pattern that is not compiled yet. Its first use stores the methods of the compiled one in the instance."""

    def __init__(self, source: object, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        import re

        compiled: Any = re.compile(self._source, self._flags)
        for method in ("search", "match", "fullmatch", "findall", "finditer", "split", "sub"):
            self.__dict__[method] = getattr(compiled, method)
        return getattr(compiled, name)


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression that is compiled at its first use."""
    return _Pattern(source, flags)  # type: ignore[return-value]
