"""A member's ranks: what pay uses, what they may be called, the way up, and what keeps what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commissions.models import Run, Standing
from commissions.plan import Plan
from commissions.selectors import ranks, standings
from office.selectors.needs import Need, needs


@dataclass(frozen=True, slots=True)
class Rung:
    """One rank of the plan as somebody looks up at it."""

    name: str
    is_below: bool
    is_held: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class RankAsked:
    """A rank with everything that it takes."""

    name: str
    needs: Sequence[Need]


@dataclass(frozen=True, slots=True)
class RankHeld:
    """All ranks of one member in a run; names are empty for none.

    `qualified` is by this period's figures, `keeps` what it takes to have the paid-as rank again.
    `grace` is for how many periods it has been kept though not reached, of `most_grace`.
    """

    paid_as: str
    title: str
    qualified: str
    highest: str
    ladder: Sequence[Rung]
    ahead: RankAsked | None
    keeps: RankAsked | None
    grace: int
    most_grace: int

    @property
    def is_kept(self) -> bool:
        """Tell whether pay uses a rank that this period's figures do not reach."""
        return bool(self.paid_as) and self.paid_as != self.qualified


def rank_held(plan: Plan, run: Run, standing: Standing) -> RankHeld:
    """Return a member's ranks. One query in a plan with grace, else none."""
    ahead, keeps = ranks.rank_after(plan, standing), ranks.rank_to_keep(plan, standing)
    return RankHeld(
        paid_as=plan.rank_name(standing.paid_as),
        title=plan.rank_name(standing.title),
        qualified=plan.rank_name(standing.rank),
        highest=plan.rank_name(standing.highest),
        ladder=[
            Rung(
                rank.name,
                number < standing.paid_as,
                number == standing.paid_as,
                number == standing.paid_as + 1,
            )
            for number, rank in enumerate(plan.ranks, start=1)
        ],
        ahead=_asked(plan, ahead),
        keeps=_asked(plan, keeps),
        grace=_grace(run, standing) if plan.keeping.grace else 0,
        most_grace=plan.keeping.grace,
    )


def _asked(plan: Plan, rank: ranks.RankAhead | None) -> RankAsked | None:
    return RankAsked(rank.name, needs(plan, rank.requirements)) if rank else None


def _grace(run: Run, standing: Standing) -> int:
    """Return for how many periods in a row the rank has been kept by grace."""
    left = {key: value for key, _, value in standings.state_left(run, standing.member)}
    kept = left.get("rank.grace", 0)
    return kept if isinstance(kept, int) else 0
