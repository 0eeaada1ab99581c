"""Ranks as a plan names them, and how far a member is from each, by stored figures."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.models import Run, Standing
from commissions.plan import Plan, Progress, requirement_progress
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


def progress(plan: Plan, standing: Standing) -> tuple[Progress, ...]:
    """Return have, need and missing for being active (rank 0) and for each rank."""
    volumes = {"PV": standing.pv, "CV": standing.cv, "GV": standing.gv}
    return requirement_progress(plan, volumes, standing.counts, active=standing.is_active)


def rank_after(plan: Plan, standing: Standing) -> RankAhead | None:
    """Return the rank above the one that pay uses; None at the top, and in a plan without ranks."""
    number = standing.paid_as + 1
    if number > len(plan.ranks):
        return None
    wanted = tuple(step for step in progress(plan, standing) if step.rank == number)
    return RankAhead(number, plan.rank_name(number), wanted)
