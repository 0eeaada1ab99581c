"""Ranks as a plan names them, and how far a member is from each, by stored figures."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.columns import VOLUMES, further_figures
from commissions.engine.plan import Requirements
from commissions.models import Run, Standing
from commissions.plan import Plan, Progress, Stored, requirement_progress, steps_to
from commissions.services.plans import compiled


@dataclass(frozen=True, slots=True)
class RankAhead:
    """A rank and every requirement of it."""

    number: int
    name: str
    requirements: tuple[Progress, ...]

    @property
    def is_reached(self) -> bool:
        """Tell whether nothing is missing."""
        return all(requirement.is_met for requirement in self.requirements)


def plan_of(run: Run) -> Plan:
    """Return the plan a run was worked out by; each text is read once a process."""
    return compiled(run.plan_version.text)


def figures_of(plan: Plan, standing: Standing) -> tuple[int, ...]:
    """Return a member's figures in the order of `plan.figures`: hundredths, or numbers."""
    further = dict(zip(further_figures(plan), standing.figures, strict=True))
    own = dict(zip(VOLUMES, (standing.pv, standing.cv, standing.gv), strict=True))
    return tuple(
        own[figure.name] if figure.name in own else further[place]
        for place, figure in enumerate(plan.figures)
    )


def named_figures(plan: Plan, standing: Standing) -> dict[str, int]:
    """Return a member's figures by name: the plan's volumes, and what its requirements count."""
    names = (figure.name for figure in plan.figures)
    return dict(zip(names, figures_of(plan, standing), strict=True))


def progress(plan: Plan, standing: Standing) -> tuple[Progress, ...]:
    """Return have, need and missing for being active (rank 0) and for each rank.

    The member is looked up for plans with markets; `selectors.standings` brings it along.
    """
    return requirement_progress(
        plan,
        figures_of(plan, standing),
        active=standing.is_active,
        paid_as=standing.paid_as,
        title=standing.title,
        before=standing.paid_as_before,
        market=market_of(plan, standing),
    )


def market_of(plan: Plan, standing: Standing) -> int:
    """Return the member's place in the plan's tables by market."""
    return plan.market_index(standing.member.market_id) if plan.markets else 0


def steps(plan: Plan, standing: Standing, asked: Requirements) -> tuple[Progress, ...]:
    """Return have, need and missing for any requirements of the plan, as those of a bonus."""
    stored = Stored(
        figures_of(plan, standing),
        standing.is_active,
        standing.paid_as,
        standing.title,
        standing.paid_as_before,
    )
    return steps_to(plan, asked, stored)


def rank_at(plan: Plan, standing: Standing, number: int) -> RankAhead:
    """Return a rank by its number, with what it takes to reach it."""
    wanted = tuple(step for step in progress(plan, standing) if step.rank == number)
    return RankAhead(number, plan.rank_name(number), wanted)


def rank_to_keep(plan: Plan, standing: Standing) -> RankAhead | None:
    """Return the paid-as rank with what it takes to have it in the next period; None for none.

    Where the plan says what maintains a rank, that; else what it takes to reach it.
    """
    if not standing.paid_as:
        return None
    held = plan.ranks[standing.paid_as - 1]
    maintain = held.maintain[market_of(plan, standing)]
    if maintain is None:
        return rank_at(plan, standing, standing.paid_as)
    return RankAhead(standing.paid_as, held.name, steps(plan, standing, maintain))


def rank_after(plan: Plan, standing: Standing) -> RankAhead | None:
    """Return the rank above the one that pay uses; None at the top, and in a plan without ranks."""
    number = standing.paid_as + 1
    return rank_at(plan, standing, number) if number <= len(plan.ranks) else None
