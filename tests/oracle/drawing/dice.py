"""The dice: everything that is drawn is drawn through these few words."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    """Draws; the same seed draws the same things in the same order."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)  # noqa: S311 - the same dice every time are what we want

    def one_in(self, times: int) -> bool:
        """Return True once in so many times."""
        return self.random.randrange(times) == 0

    def mostly(self, times: int = 4) -> bool:
        """Return True but once in so many times."""
        return not self.one_in(times)

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from one to another, both included."""
        return self.random.randint(low, high)

    def one_of(self, things: Sequence[Thing]) -> Thing:
        return things[self.random.randrange(len(things))]

    def some_of(self, things: Sequence[Thing], least: int = 1, most: int = 99) -> list[Thing]:
        """Return different ones of these things, in their order."""
        most = min(most, len(things))
        count = self.whole(min(least, most), most)
        return [things[at] for at in sorted(self.random.sample(range(len(things)), count))]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        return self.random.sample(things, len(things))
