"""The plan's own names and figures, as sentences say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commissions.engine.plan import ENROLLER, SPONSOR, Plan, PlanCap
from commissions.plan.exact import shown_rate
from commissions.plan.mistakes import listed

PERIODS = {
    "daily": "day",
    "weekly": "week",
    "four-weekly": "four-week period",
    "semi-monthly": "half month",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
}
KNOWN_VOLUMES = {
    "PV": "personal volume (PV)",
    "CV": "commission volume (CV)",
    "GV": "group volume (GV)",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Whom a clause is about, with the verbs that fit."""

    they: str
    their: str
    them: str
    are: str = "are"
    have: str = "have"
    were: str = "were"
    count: str = "count"


YOU = Voice("you", "your", "you")
THEY = Voice("they", "their", "them")
WHO = Voice("who", "whose", "whom")
SOMEBODY = Voice("who", "whose", "whom", "is", "has", "was", "counts")


@dataclass(frozen=True, slots=True)
class Words:
    """Says names and figures of one plan, or of a bonus of it that has a rhythm of its own."""

    plan: Plan
    cadence: str = ""

    @property
    def period(self) -> str:
        """Return what a period of the plan is called."""
        return PERIODS[self.plan.cadence]

    @property
    def run_period(self) -> str:
        """Return what a period of the bonus is called."""
        return PERIODS[self.cadence or self.plan.cadence]

    def money(self, minor: int) -> str:
        """Return an amount with its currency."""
        exponent = self.plan.exponent
        sign, size = "-" if minor < 0 else "", abs(minor)
        whole = f"{sign}{size // 10**exponent:,}"
        cents = f".{size % 10**exponent:0{exponent}d}" if exponent else ""
        return f"{whole}{cents} {self.plan.currency}"

    def rate(self, ppm: int) -> str:
        """Return a per cent."""
        return shown_rate(ppm)

    def points(self, hundredths: int) -> str:
        """Return points, with the word for them."""
        return f"{self.number(hundredths)} point{'' if hundredths == 100 else 's'}"

    def number(self, hundredths: int) -> str:
        """Return points as a bare number."""
        cents = f".{hundredths % 100:02d}" if hundredths % 100 else ""
        return f"{hundredths // 100:,}{cents}"

    def tree(self, index: int) -> str:
        """Return a tree with its article."""
        standing = {SPONSOR: "the sponsor tree", ENROLLER: "the enroller tree"}
        return standing.get(index) or f'the tree "{self.plan.trees[index].name}"'

    def in_tree(self, index: int) -> str:
        """Return where, if it is not the sponsor tree."""
        return "" if index == SPONSOR else f" in {self.tree(index)}"

    def volume(self, index: int) -> str:
        """Return what a volume is called."""
        name = self.plan.figures[index].name
        return KNOWN_VOLUMES.get(name, name)

    def rank(self, number: int) -> str:
        """Return a rank and whatever is above it."""
        return f"{self.plan.rank_name(number)} or higher"

    def bonuses(self, places: Sequence[int]) -> str:
        """Return names of bonuses in quotes."""
        return listed([f'"{self.plan.bonuses[place].name}"' for place in places], "and")

    def inside(self, cap: PlanCap) -> str:
        """Return what the plan's limits are about, as the beginning of a sentence."""
        if len(cap.inside) == len(self.plan.bonuses):
            return "All bonuses together"
        return f"{self.bonuses(cap.inside)} together"


def count(number: int, one: str, more: str = "") -> str:
    """Return a number with the word for what it counts.

    >>> count(1, "month"), count(3, "month"), count(2, "person", "people")
    ('1 month', '3 months', '2 people')
    """
    return f"{number:,} {one if number == 1 else more or one + 's'}"
