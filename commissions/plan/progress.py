"""What somebody has, needs and is missing for each rank; from stored figures, without a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commissions.engine.plan import Asks, Plan, Requirement


@dataclass(frozen=True, slots=True)
class Progress:
    """One requirement of one rank (its number, from 1; 0 is being active).

    `have`, `need` and `missing` are hundredths of a point if `is_volume`, else numbers: of
    customers, or 1 and 0 for being active or not.
    """

    rank: int
    rank_name: str
    phrase: str
    is_volume: bool
    have: int
    need: int
    missing: int

    @property
    def is_met(self) -> bool:
        """Tell whether nothing is missing."""
        return self.missing == 0


def requirement_progress(
    plan: Plan, volumes: Mapping[str, int], counts: Sequence[int], *, active: bool
) -> tuple[Progress, ...]:
    """Return every requirement of being active and of each rank, in the order of the plan.

    `volumes` are by name, in hundredths of a point; `counts` are in the order of `plan.counts`.
    """
    asked = [(0, "active", requirement) for requirement in plan.active]
    asked += [
        (number, rank.name, requirement)
        for number, rank in enumerate(plan.ranks, start=1)
        for requirement in rank.require
    ]
    return tuple(
        _progress(plan, number, name, requirement, volumes, counts, active=active)
        for number, name, requirement in asked
    )


def _progress(
    plan: Plan, number: int, name: str, requirement: Requirement, volumes: Mapping[str, int],
    counts: Sequence[int], *, active: bool,
) -> Progress:  # fmt: skip
    if requirement.asks == Asks.ACTIVE:
        have = int(active)
    elif requirement.asks == Asks.VOLUME:
        have = volumes[plan.volumes[requirement.index].name]
    else:
        have = counts[requirement.index]
    return Progress(
        rank=number, rank_name=name, phrase=requirement.phrase,
        is_volume=requirement.asks == Asks.VOLUME, have=have, need=requirement.need,
        missing=max(0, requirement.need - have),
    )  # fmt: skip
