"""What the open month's figures are at a moment, all of them, and how two such moments differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from commissions.locking import still_snapshot
from commissions.models import Earning, Period, Run, Standing
from distributors.models import Change, Role, StatusPolicy
from distributors.selectors import versions_at
from office.demo import walk
from orders.models import SaleLine

# A member's standing, as it stands in the table
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """The figures of the live run, whole, and what they are made of."""

    run: Run
    standings: Mapping[int, Row]
    earnings: Mapping[tuple[int, ...], tuple[int, int, int]]
    is_behind: bool

    def total_minor(self, member_id: int) -> int:
        """Return what a member earns in all."""
        return sum(amount for key, (*_, amount) in self.earnings.items() if key[0] == member_id)

    @property
    def figures(self) -> walk.Figures:
        """Return who is active and which rank pay uses."""
        return walk.Figures(
            active=frozenset(member for member, row in self.standings.items() if row[3]),
            paid_as={member: int(str(row[5])) for member, row in self.standings.items()},
        )


def look(period: Period) -> Moment | None:
    """Return the live figures at this moment; None if there are none yet."""
    with still_snapshot():
        run = Run.objects.filter(period=period, kind=Run.Kind.LIVE, generation__gt=0).first()
        if run is None:
            return None
        standings = Standing.objects.filter(run_id=run.pk).values_list(
            "member_id", "pv", "cv", "gv", "is_active", "rank", "paid_as", "title", "figures"
        )
        earnings = Earning.objects.filter(run_id=run.pk).values_list(
            "member_id", "bonus", "level", "rate_ppm", "reverses", "lines", "base", "amount_minor"
        )
        return Moment(
            run=run,
            standings={row[0]: (*row[1:-1], tuple(row[-1])) for row in standings},
            earnings={row[:5]: row[5:] for row in earnings},
            is_behind=Change.objects.filter(effective_at__lt=period.ends_at).exists(),
        )


def read_network(*, at: datetime) -> dict[int, walk.Place]:
    """Return everybody's place at a moment."""
    policies = {policy.status: policy for policy in StatusPolicy.objects.all()}
    rows = versions_at(at).values_list("member_id", "sponsor_id", "role", "status")
    return {
        member: walk.Place(
            sponsor=sponsor,
            is_distributor=role == Role.DISTRIBUTOR,
            earns=policies[status].earns,
            occupies_level=policies[status].occupies_level,
            keeps_customers=policies[status].customers == StatusPolicy.Customers.STAY,
        )
        for member, sponsor, role, status in rows
    }


def read_sales(period: Period, *, up_to: int) -> list[walk.Sale]:
    """Return the period's sales up to a row, each net of what came back of it."""
    rows = SaleLine.objects.filter(
        commission_at__gte=period.starts_at, commission_at__lt=period.ends_at, pk__lte=up_to
    ).values_list("pk", "returns", "credited_id", "buyer_role", "cv")
    left: dict[int, int] = defaultdict(int)
    sold: dict[int, tuple[int, bool]] = {}
    for pk, returns, credited, role, cv in rows:
        left[returns or pk] += cv
        if returns is None:
            sold[pk] = (credited, role == Role.CUSTOMER)
    return [walk.Sale(*sold[pk], cv) for pk, cv in left.items()]


def amounts(moment: Moment) -> Counter[walk.Key]:
    """Return the run's own earnings by key, without what it takes back for earlier months."""
    found: Counter[walk.Key] = Counter()
    for (member, bonus, level, rate, reverses), (_, _, amount) in moment.earnings.items():
        if reverses == 0:
            found[member, bonus, level, rate] += amount
    return found


def changed_members(before: Moment, after: Moment) -> set[int]:
    """Return everybody of whose figures anything at all is different."""
    members = {
        member
        for member in before.standings.keys() | after.standings.keys()
        if before.standings.get(member) != after.standings.get(member)
    }
    return members | {
        key[0]
        for key in before.earnings.keys() | after.earnings.keys()
        if before.earnings.get(key) != after.earnings.get(key)
    }
