"""The work that the reading of one program may cost, in steps: past it every answer is "unknown"."""

from __future__ import annotations

from typing import Final

# Of 442 public training scripts one of 1,000 lines with 90 options took the most: 8,200 steps, 22,500 questions.
MAX_STEPS: Final = 10_000
MAX_ASKED: Final = 40_000
MAX_FOLLOWED: Final = 1_000_000


class Budget:
    """What has been spent of the work for one program. Whoever loops or recurses over a program counts here."""

    __slots__ = ("asked", "followed", "steps")

    def __init__(self) -> None:
        self.steps = 0
        """Expressions that were evaluated."""
        self.asked = 0
        """Questions for the values of an expression."""
        self.followed = 0
        """Ways from one place of the program to another: what flows, who calls, what is stored."""

    @property
    def is_exhausted(self) -> bool:
        """Whether the budget is spent, so that answers are "unknown" that need not be."""
        return self.steps > MAX_STEPS or self.asked > MAX_ASKED or self.followed > MAX_FOLLOWED

    def follow(self, ways: int) -> bool:
        """Count ways that are about to be followed; return whether that is still within the budget."""
        self.followed += ways
        return not self.is_exhausted
