"""A distributor's figures of one period: the same ones for every page that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from commissions.models import Earning, Period, Run, Standing
from commissions.plan import Plan
from commissions.selectors import periods, ranks, standings
from distributors.models import Member
from office.selectors.needs import Need, needs
from office.selectors.pays import Pays, anchor
from office.selectors.rank import RankHeld, rank_held
from office.selectors.volumes import VolumeHeld, held
from office.words.bonuses import PayWords


@dataclass(frozen=True, slots=True)
class LevelEarned:
    """What a bonus brought on one level at one rate; `base` is None where it is no volume."""

    level: int
    name: str
    rate_ppm: int
    base: int | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class BonusEarned:
    """What a bonus brought, by level; `takes_back` where it is pay on goods that came back.

    `unit` is the volume that bases are of, nothing where they are none.
    """

    anchor: str
    name: str
    note: str
    unit: str
    takes_back: Period | None
    rows: Sequence[LevelEarned]

    @property
    def amount_minor(self) -> int:
        """Return the sum."""
        return sum(row.amount_minor for row in self.rows)


@dataclass(frozen=True, slots=True)
class Figures:
    """One member's figures in one period, all of one publication of one run."""

    period: Period
    run: Run
    plan: Plan
    state: periods.FiguresState
    standing: Standing | None
    rank: RankHeld | None
    bonuses: Sequence[BonusEarned]
    fingerprint: str

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
    def to_be_active(self) -> list[Need]:
        """Return what it takes to be active."""
        if self.standing is None:
            return []
        steps = ranks.progress(self.plan, self.standing)
        return needs(self.plan, (step for step in steps if step.rank == 0))

    @property
    def volumes(self) -> list[VolumeHeld]:
        """Return the member's volumes, as far as the plan makes anything of them."""
        return held(self.plan, self.standing)


def mark_of(run: Run | None) -> str:
    """Return what tells one publication of figures from another."""
    return f"{run.pk}.{run.generation}" if run else "0.0"


def figures_of(member: Member, period: Period) -> Figures | None:
    """Return a member's figures in a period; None before anything has been worked out for it."""
    run = periods.shown_run(period)
    return figures_in(run, member) if run else None


def figures_in(run: Run, member: Member) -> Figures:
    """Return a member's figures in a run. Two queries; one more where pay is taken back."""
    plan, standing = ranks.plan_of(run), standings.standing(run, member)
    earned = standings.earnings(run, member)
    return Figures(
        period=run.period,
        run=run,
        plan=plan,
        state=periods.state_of(run),
        standing=standing,
        rank=rank_held(plan, run, standing) if standing and plan.ranks else None,
        bonuses=_by_bonus(run, earned),
        fingerprint=standings.fingerprint(standing, earned),
    )


def _by_bonus(run: Run, rows: Sequence[Earning]) -> list[BonusEarned]:
    """Group earnings by what they take back and by bonus, in the plan's order."""
    pays = Pays.behind(run, {row.reverses for row in rows})
    ordered = sorted(rows, key=lambda row: (row.reverses, row.bonus, row.level, -row.rate_ppm))
    found = []
    for (reverses, place), group in groupby(ordered, key=lambda row: (row.reverses, row.bonus)):
        words, takes_back = pays.words(reverses, place), pays.taken_from(reverses)
        found.append(
            BonusEarned(
                anchor=anchor(takes_back, place),
                name=words.name,
                note=words.note,
                unit=words.unit,
                takes_back=takes_back,
                rows=[_level(row, words) for row in group],
            )
        )
    return found


def _level(row: Earning, words: PayWords) -> LevelEarned:
    base = row.base if words.unit else None
    return LevelEarned(row.level, words.level(row.level), row.rate_ppm, base, row.amount_minor)


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


def earned_elsewhere(member: Member, *, besides: Period, at: datetime) -> list[PeriodEarned]:
    """Return what a member earns in open periods of other rhythms, as a week within the month.

    Only those with figures. One query, three more where there are such periods.
    """
    around = Period.objects.filter(starts_at__lte=at, ends_at__gt=at).exclude(type=besides.type_id)
    found = list(around.select_related("type").order_by("type_id"))
    if not found:
        return []
    runs = periods.shown_runs(found)
    totals = standings.totals_minor(runs.values(), member)
    return [
        PeriodEarned(period, runs[period.pk], totals.get(runs[period.pk].pk, 0))
        for period in found
        if period.pk in runs
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
