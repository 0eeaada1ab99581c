"""The orders behind a member's personal volume. Read as they were recorded; nothing is worked out.

Shown of each: its number, its date, whether it is the member's own or a customer's, and its volume.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Max, Q, QuerySet, Sum

from commissions.engine.plan import Plan, SaleFigure, Whose
from commissions.models import Run, Standing
from commissions.selectors import ranks, standings
from distributors.models import Member, Role, StatusPolicy
from orders.models import SaleLine

ORDERS_A_PAGE: Final = 50
_MADE_OF: Final = {
    Whose.OWN: "Your own orders.",
    Whose.CUSTOMERS: "Your customers’ orders.",
    Whose.BOTH: "Your own orders and your customers’ orders.",
}


@dataclass(frozen=True, slots=True)
class OrderVolume:
    """One order and the volume it carries, less what came back of it."""

    code: str
    at: datetime
    is_own: bool
    volume: int


@dataclass(frozen=True, slots=True)
class PersonalVolumeShown:
    """A member's PV and the orders it is made of; `counted` is the figure that pay uses."""

    counted: int
    total: int
    made_of: str
    orders: Sequence[OrderVolume]
    has_more: bool

    @property
    def adds_up(self) -> bool:
        """Tell whether all of the orders' volume counts; not so in some states of life."""
        return self.counted == self.total


def personal_volume(run: Run, member: Member, *, page: int = 1) -> PersonalVolumeShown:
    """Return a member's PV in a run with one page of its orders. Three queries."""
    rule = _rule(ranks.plan_of(run))
    sales = _sales(run, member, rule)
    column = ranks.plan_of(run).columns[rule.column]
    first = (page - 1) * ORDERS_A_PAGE
    by_order = (
        sales.values("order__code", "buyer_role")
        .annotate(volume=Sum(column), at=Max("commission_at"))
        .order_by("-at", "order__code")[first : first + ORDERS_A_PAGE + 1]
    )
    rows = [
        OrderVolume(
            code=row["order__code"],
            at=row["at"],
            is_own=row["buyer_role"] != Role.CUSTOMER,
            volume=row["volume"],
        )
        for row in by_order
    ]
    standing: Standing | None = standings.standing(run, member)
    return PersonalVolumeShown(
        counted=standing.pv if standing else 0,
        total=sales.aggregate(total=Sum(column))["total"] or 0,
        made_of=_MADE_OF[rule.whose],
        orders=rows[:ORDERS_A_PAGE],
        has_more=len(rows) > ORDERS_A_PAGE,
    )


def _rule(plan: Plan) -> SaleFigure:
    """Return what the plan makes PV of."""
    figure = plan.figures[plan.figure_index("PV")]
    if not isinstance(figure, SaleFigure):
        raise TypeError("PV is a personal volume in every plan")
    return figure


def _sales(run: Run, member: Member, rule: SaleFigure) -> QuerySet[SaleLine]:
    """Return the sales a run saw that make a member's PV, and what came back of them in time."""
    handed_on = _handing_on(run, member)
    found = SaleLine.objects.filter(
        Q(credited=member) | Q(credited__in=handed_on, buyer_role=Role.CUSTOMER),
        commission_at__gte=run.period.starts_at,
        commission_at__lt=run.period.ends_at,
        pk__lte=run.last_sale_id,
    )
    if rule.whose == Whose.OWN:
        return found.exclude(buyer_role=Role.CUSTOMER)
    if rule.whose == Whose.CUSTOMERS:
        return found.filter(buyer_role=Role.CUSTOMER)
    return found


def _handing_on(run: Run, member: Member) -> list[int]:
    """Return those below whose state of life hands their customers' sales on to this member.

    Nobody who keeps customers stands between. One query, any depth. By the network
    that the run saw: effective at the period's end, as known at its lock.
    """
    known = (
        "v.retired_at IS NULL"
        if run.period.locked_at is None
        else "v.recorded_at <= %(known)s AND (v.retired_at IS NULL OR v.retired_at > %(known)s)"
    )
    true_then = f"""{known} AND v.effective_from < %(end)s
        AND (v.effective_until IS NULL OR v.effective_until >= %(end)s)"""
    handing = f"p.customers = '{StatusPolicy.Customers.UPLINE}'"
    sql = f"""
        WITH RECURSIVE below (member_id, hands_on) AS (
            SELECT %(member)s::bigint, false
            UNION ALL
            SELECT v.member_id, v.role = '{Role.DISTRIBUTOR}'
              FROM below b JOIN distributors_memberversion v ON v.sponsor_id = b.member_id
              JOIN distributors_statuspolicy p ON p.status = v.status
             WHERE (v.role = '{Role.CUSTOMER}' OR {handing}) AND {true_then}
        )
        SELECT member_id FROM below WHERE hands_on
    """  # noqa: S608  # put together from constants
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {"member": member.pk, "end": run.period.ends_at, "known": run.period.locked_at},
        )
        return [int(pk) for (pk,) in cursor.fetchall()]
