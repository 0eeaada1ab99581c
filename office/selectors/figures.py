"""A distributor's figures of one period: the same ones for every page that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from commissions.models import Earning, Period, Run, Standing
from commissions.plan import Plan, Progress
from commissions.selectors import periods, ranks, standings
from distributors.models import Member


@dataclass(frozen=True, slots=True)
class BonusEarned:
    """What one bonus brought, by level; `takes_back` where it is pay on goods that came back."""

    index: int
    name: str
    takes_back: Period | None
    rows: Sequence[Earning]

    @property
    def amount_minor(self) -> int:
        """Return the sum."""
        return sum(row.amount_minor for row in self.rows)


@dataclass(frozen=True, slots=True)
class Rung:
    """One rank of the plan as somebody looks up at it."""

    name: str
    is_below: bool
    is_held: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """One member's figures in one period, all of one publication of one run."""

    period: Period
    run: Run
    plan: Plan
    state: periods.FiguresState
    standing: Standing | None
    bonuses: Sequence[BonusEarned]

    @property
    def total_minor(self) -> int:
        """Return all that was earned, less what was taken back."""
        return sum(bonus.amount_minor for bonus in self.bonuses)

    @property
    def currency(self) -> str:
        """Return the currency of all amounts."""
        return self.run.currency or self.plan.currency

    @property
    def mark(self) -> str:
        """Return what changes whenever the figures do."""
        return mark_of(self.run)

    @property
    def rank_name(self) -> str:
        """Return the rank that pay uses; nothing for none."""
        return self.plan.rank_name(self.standing.paid_as) if self.standing else ""

    @property
    def ladder(self) -> list[Rung]:
        """Return all ranks of the plan, the lowest first, with where the member stands."""
        held = self.standing.paid_as if self.standing else 0
        return [
            Rung(rank.name, number < held, number == held, number == held + 1)
            for number, rank in enumerate(self.plan.ranks, start=1)
        ]

    @property
    def held(self) -> tuple[Progress, ...]:
        """Return what the rank that pay uses asks for; nothing without a rank."""
        if self.standing is None or not self.standing.paid_as:
            return ()
        steps = ranks.progress(self.plan, self.standing)
        return tuple(step for step in steps if step.rank == self.standing.paid_as)

    @property
    def activity(self) -> tuple[Progress, ...]:
        """Return what it takes to be active."""
        if self.standing is None:
            return ()
        return tuple(step for step in ranks.progress(self.plan, self.standing) if step.rank == 0)

    @property
    def next_rank(self) -> ranks.RankAhead | None:
        """Return the rank above, with what is there and what is missing."""
        return ranks.rank_after(self.plan, self.standing) if self.standing else None


def mark_of(run: Run | None) -> str:
    """Return what tells one publication of figures from another."""
    return f"{run.pk}.{run.generation}" if run else "0.0"


def figures_of(member: Member, period: Period) -> Figures | None:
    """Return a member's figures in a period; None before anything has been worked out for it."""
    run = periods.shown_run(period)
    return figures_in(run, member) if run else None


def figures_in(run: Run, member: Member) -> Figures:
    """Return a member's figures in a run. Three queries."""
    plan = ranks.plan_of(run)
    return Figures(
        period=run.period,
        run=run,
        plan=plan,
        state=periods.state_of(run),
        standing=standings.standing(run, member),
        bonuses=_by_bonus(plan, standings.earnings(run, member)),
    )


def _by_bonus(plan: Plan, rows: Sequence[Earning]) -> list[BonusEarned]:
    """Group earnings by what they take back and by bonus, in the plan's order."""
    taken_from = _periods_of({row.reverses for row in rows if row.reverses})
    ordered = sorted(rows, key=lambda row: (row.reverses, row.bonus, row.level, row.rate_ppm))
    return [
        BonusEarned(index, bonus_name(plan, index), taken_from.get(reverses), list(group))
        for (reverses, index), group in groupby(ordered, key=lambda row: (row.reverses, row.bonus))
    ]


def bonus_name(plan: Plan, index: int) -> str:
    """Return what the plan calls a bonus; an older plan's bonus may have no name in this one."""
    return plan.bonuses[index].name if 0 <= index < len(plan.bonuses) else f"Bonus {index + 1}"


def _periods_of(run_ids: set[int]) -> dict[int, Period]:
    if not run_ids:
        return {}
    runs = Run.objects.filter(pk__in=run_ids).select_related("period")
    return {run.pk: run.period for run in runs}


def open_period(*, at: datetime) -> Period | None:
    """Return the period around a moment that people look at first."""
    kind = periods.main_period_type()
    return periods.current_period(kind, at=at) if kind else None


@dataclass(frozen=True, slots=True)
class PeriodEarned:
    """One period in the list: its run and total are None and 0 where nothing was worked out."""

    period: Period
    run: Run | None
    total_minor: int

    @property
    def state(self) -> periods.FiguresState | None:
        """Return how far the total can be relied on."""
        return periods.state_of(self.run) if self.run else None


def earned_by_period(
    member: Member, *, at: datetime, at_most: int, before: datetime | None = None
) -> list[PeriodEarned]:
    """Return what a member earned in each period since joining, the newest first. Three queries."""
    started = [
        period
        for period in periods.started_periods(at=at, at_most=at_most, before=before)
        if period.ends_at > member.joined_at
    ]
    runs = periods.shown_runs(started)
    totals = standings.totals_minor(runs.values(), member)
    return [
        PeriodEarned(
            period,
            run := runs.get(period.pk),
            totals.get(run.pk, 0) if run else 0,
        )
        for period in started
    ]


def last_final(member: Member, *, before: Period) -> PeriodEarned | None:
    """Return the newest earlier period of the same type whose figures are final."""
    run = (
        Run.objects.filter(
            status=Run.Status.POSTED,
            period__type_id=before.type_id,
            period__ends_at__lte=before.starts_at,
            period__published_at__isnull=False,
        )
        .select_related("period__type", "plan_version")
        .order_by("-period__starts_at")
        .first()
    )
    return PeriodEarned(run.period, run, standings.total_minor(run, member)) if run else None
