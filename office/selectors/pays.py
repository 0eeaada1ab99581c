"""What lines and earnings are of: the plan's words for them, and from which period pay comes back.

Pay that is taken back is told as the plan of the run that paid it does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from commissions.models import Period, Run
from commissions.plan import Plan
from commissions.selectors import ranks
from office.words.bonuses import PayWords


@dataclass(frozen=True, slots=True)
class Pays:
    """The plans and periods behind amounts, by the run that they take pay back of; 0: of itself."""

    plans: dict[int, Plan]
    periods: dict[int, Period]

    @classmethod
    def behind(cls, run: Run, reverses: Collection[int]) -> Pays:
        """Return what is behind a run's amounts. One query, and only where pay is taken back."""
        plans, periods = {0: ranks.plan_of(run)}, {}
        numbers = {number for number in reverses if number}
        if numbers:
            found = Run.objects.filter(pk__in=numbers)
            for one in found.select_related("plan_version", "period__type"):
                plans[one.pk], periods[one.pk] = ranks.plan_of(one), one.period
        return cls(plans, periods)

    def words(self, reverses: int, place: int) -> PayWords:
        """Return how a bonus, cap or deduction is told."""
        return PayWords(self.plans[reverses], place)

    def taken_from(self, reverses: int) -> Period | None:
        """Return the period whose pay is taken back; None for pay of the run itself."""
        return self.periods.get(reverses)


def anchor(reverses: Period | None, place: int) -> str:
    """Return by what name a bonus's lines are found in their page."""
    back = f"-of-{reverses.pk}" if reverses else ""
    return f"b{place}{back}"
