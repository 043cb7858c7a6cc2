"""The bound on the analysis of one program, in steps.

Past the bound, every answer is "unknown".
"""

from __future__ import annotations

from typing import Final

# Of 442 public training scripts one of 1,000 lines with 90 options took the most: 8,200 steps, 22,500 questions.
MAX_STEPS: Final = 10_000
MAX_ASKED: Final = 40_000
MAX_FOLLOWED: Final = 1_000_000


class Budget:
    """The work done for one program. All code that loops or recurses over a program counts its steps here."""

    __slots__ = ("asked", "followed", "steps")

    def __init__(self) -> None:
        self.steps = 0
        """Expressions that were evaluated."""
        self.asked = 0
        """Requests for the values of an expression."""
        self.followed = 0
        """Links followed from one place of the program to another: data flow, callers, stores."""

    @property
    def is_exhausted(self) -> bool:
        """Whether the budget is spent, so that an answer may be "unknown" for lack of steps."""
        return self.steps > MAX_STEPS or self.asked > MAX_ASKED or self.followed > MAX_FOLLOWED

    def follow(self, links: int) -> bool:
        """Count links before they are followed; return whether the budget allows them."""
        self.followed += links
        return not self.is_exhausted
