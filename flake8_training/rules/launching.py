"""What the rules over launchers share: a finding stands in the launcher's own file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.given import Argument, Given
from flake8_training.builder.made import Construction
from flake8_training.finding import Finding, Related
from flake8_training.rules.base import Rule


class LauncherRule(Rule[Launcher]):
    """A rule over a file that makes or starts training jobs."""

    def at(
        self, launcher: Launcher, node: ast.AST, detail: str = "", related: tuple[Related, ...] = ()
    ) -> Iterator[Finding]:
        """Yield a finding at a node of the file, unless a test expects the failure there."""
        if not launcher.is_expected_to_fail(node):
            yield self.finding(launcher, node, detail, related)

    def at_argument(
        self, launcher: Launcher, made: Construction, argument: Argument, detail: str
    ) -> Iterator[Finding]:
        """Yield a finding where an argument's name stands."""
        if not launcher.is_expected_to_fail(made.node):
            yield from self.at(launcher, launcher.spot(argument, made), detail)

    def at_value(
        self, launcher: Launcher, made: Construction, given: Given, value: object, detail: str
    ) -> Iterator[Finding]:
        """Yield a finding where a literal stands that reaches ``given``: that is where it is mended."""
        if not launcher.is_expected_to_fail(made.node):
            yield from self.at(launcher, launcher.literal(given, value, made.node), detail)
