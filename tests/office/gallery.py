"""A small company under any plan of the gallery, with enough sold that most of it pays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils import timezone

from commissions.models import Period, Run
from commissions.plan import Plan, read_plan
from commissions.services.refreshing import refresh_period
from distributors.models import Member
from tests.commissions.database.placing import filled, placed
from tests.factories import (
    Cast,
    make_cast,
    make_customer,
    make_distributor,
    make_month,
    make_order,
    make_product,
)

PLANS: Final = sorted((Path(__file__).parents[2] / "plans").glob("*.toml"))
NAMES: Final = [path.stem for path in PLANS]


@dataclass(frozen=True)
class Company:
    """The cast with customers; Gus below Dora; Hal, who sells nothing, below Carl, Ivy below Hal.

    All of them are distributors.
    """

    cast: Cast
    hal: Member
    plan: Plan
    period: Period

    @property
    def run(self) -> Run:
        """Return the live run."""
        return Run.objects.get(period=self.period, kind="live")


def text_of(name: str) -> str:
    """Return a plan of the gallery."""
    return (PLANS[0].parent / f"{name}.toml").read_text(encoding="utf-8")


def make_company(text: str) -> Iterator[Company]:
    """Yield a company whose month of today is worked out under a plan.

    Placement trees come with a later version: plans with such are live with places handed in.
    """
    plan = read_plan(text)
    cast = make_cast()
    gus = make_distributor("Gus Gray", sponsor=cast.dora)
    hal = make_distributor("Hal Hill", sponsor=cast.carl)
    ivy = make_distributor("Ivy Iles", sponsor=hal)
    make_product(price_minor=10_000, pv=10_000, cv=8_000)
    people = [cast.alice, cast.bob, cast.carl, cast.dora, gus, hal, ivy]
    with trees_of(plan, people):
        now = timezone.now()
        period = make_month(text, at=now)
        for member, number, pieces in (
            (cast.alice, 12, 20), (cast.bob, 12, 16), (cast.carl, 12, 16), (cast.dora, 4, 8),
            (gus, 3, 6), (ivy, 3, 4),
        ):  # fmt: skip
            for place in range(number):
                buyer = make_customer(f"{member.name.split()[0]} Buyer{place}", sponsor=member)
                make_order(buyer, ("COFFEE", pieces if place < 3 else 1), paid_at=now)
        make_order(hal, ("COFFEE", 2), paid_at=now)
        make_order(cast.alice, ("COFFEE", 1), paid_at=now)
        refresh_period(period)
        yield Company(cast, hal, plan, period)


def trees_of(plan: Plan, people: list[Member]) -> AbstractContextManager[None]:
    """Hand in a place for everybody in each placement tree of a plan."""
    places = {
        tree.name: filled(people, width=tree.width or 2) for tree in plan.trees[2:] if tree.width
    }
    return placed(places) if places else nullcontext()
