"""The orders behind a member's volume. Read as they were recorded; nothing else is worked out.

Shown of each: its number, its date, whether it is the member's own or a customer's, and its volume.
Any volume that single orders make can be looked at, under whatever name the plan has for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from commissions.columns import AMOUNT
from commissions.engine.plan import SaleFigure, SaleMix, Whose
from commissions.engine.rounding import PPM
from commissions.models import Run
from commissions.plan import Plan
from commissions.rhythms import rhythm_of
from commissions.selectors import ranks, standings
from distributors.models import Member, Role, StatusPolicy
from office.selectors.volumes import Volume

ORDERS_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class OrderVolume:
    """One order and the volume it carries, less what came back of it."""

    code: str
    at: datetime
    is_own: bool
    volume: int


@dataclass(frozen=True, slots=True)
class VolumeShown:
    """A member's volume and the orders it is made of; `counted` is the figure that pay uses."""

    volume: Volume
    counted: int
    total: int
    orders: Sequence[OrderVolume]
    has_more: bool

    @property
    def adds_up(self) -> bool:
        """Tell whether all of the orders' volume counts; not so where the plan narrows it."""
        return self.counted == self.total


def orders_behind(run: Run, member: Member, volume: Volume, *, page: int = 1) -> VolumeShown:
    """Return a member's volume in a run with one page of its orders.

    Four queries; one more for a period within a longer one, whose volumes it counts so far.
    """
    plan = ranks.plan_of(run)
    query, values = _orders(run, member, plan, volume)
    first = (page - 1) * ORDERS_A_PAGE
    with connection.cursor() as cursor:
        cursor.execute(
            f"{query} SELECT code, at, buyer_role, volume FROM by_order"  # noqa: S608  # constants
            " ORDER BY at DESC, code LIMIT %(limit)s OFFSET %(first)s",
            values | {"limit": ORDERS_A_PAGE + 1, "first": first},
        )
        rows = [
            OrderVolume(code, at, role != Role.CUSTOMER, int(carried))
            for code, at, role, carried in cursor.fetchall()
        ]
        cursor.execute(f"{query} SELECT COALESCE(sum(volume), 0) FROM by_order", values)  # noqa: S608  # constants
        (total,) = cursor.fetchone() or (0,)
    standing = standings.standing(run, member)
    return VolumeShown(
        volume=volume,
        counted=ranks.figures_of(plan, standing)[volume.place] if standing else 0,
        total=int(total),
        orders=rows[:ORDERS_A_PAGE],
        has_more=len(rows) > ORDERS_A_PAGE,
    )


def _orders(run: Run, member: Member, plan: Plan, volume: Volume) -> tuple[str, dict[str, Any]]:
    """Return the orders that carry a volume as a named query, and what it asks for.

    What a sum takes a part of is rounded sale by sale, as the engine does it.
    """
    figure = plan.figures[volume.place]
    if not isinstance(figure, SaleFigure | SaleMix):
        raise TypeError(f"no single orders make {volume.name}")
    query = f"""
        WITH by_sale AS (
            SELECT COALESCE(s.returns_id, s.id) AS sale, s.order_id, s.buyer_role,
                   max(s.commission_at) AS at, {_carried(plan, figure)} AS volume
              FROM orders_saleline s
             WHERE (s.credited_id = %(member)s
                    OR s.credited_id = ANY(%(handed_on)s) AND s.buyer_role = '{Role.CUSTOMER}')
               AND s.commission_at >= %(start)s AND s.commission_at < %(end)s AND s.id <= %(last)s
             GROUP BY 1, 2, 3
        ), by_order AS (
            SELECT o.code, b.buyer_role, max(b.at) AS at, sum(b.volume) AS volume
              FROM by_sale b JOIN orders_order o ON o.id = b.order_id
             WHERE b.volume IS NOT NULL GROUP BY 1, 2
        )"""  # noqa: S608  # put together from constants and a plan's own numbers
    counted = rhythm_of(run.period, plan).counted
    return query, {
        "member": member.pk,
        "handed_on": _handing_on(run, member),
        "start": counted.starts_at,
        "end": run.period.ends_at,
        "last": run.last_sale_id,
    }


def _carried(plan: Plan, figure: SaleFigure | SaleMix) -> str:
    """Return what a sale carries of a figure, less what came back; NULL for a sale it leaves out.

    Which of a buyer's orders count is not looked at: the page says what the volume is.
    """
    if isinstance(figure, SaleFigure):
        column = _COLUMNS[plan.columns[figure.column]].format(scale=10 ** max(2 - plan.exponent, 0))
        return f"sum(s.{column}) FILTER (WHERE s.buyer_role {_BUYERS[figure.whose]})"
    terms = []
    for ppm, of in figure.terms:
        inner = plan.figures[of]
        if not isinstance(inner, SaleFigure | SaleMix):
            raise TypeError(f"{figure.name} is a sum of sale volumes")
        terms.append(f"round(COALESCE({_carried(plan, inner)}, 0) * {ppm:d} / {PPM:d}.0)")
    return f"NULLIF({' + '.join(terms)}, 0)"


_COLUMNS: Final = {"pv": "pv", "cv": "cv", AMOUNT: "net_minor * {scale:d}"}
_BUYERS: Final = {
    Whose.OWN: f"<> '{Role.CUSTOMER}'",
    Whose.CUSTOMERS: f"= '{Role.CUSTOMER}'",
    Whose.BOTH: "IS NOT NULL",
}


def _handing_on(run: Run, member: Member) -> list[int]:
    """Return those below whose state of life hands their customers' sales on to this member.

    Nobody who keeps customers stands between. One query, any depth, one look-up by index a step. By
    the network that the run saw: effective at the period's end, as known at its lock.
    """
    known = (
        ["v.retired_at IS NULL"]
        if run.period.locked_at is None
        else [
            "v.retired_at IS NULL AND v.recorded_at <= %(known)s",
            "v.retired_at > %(known)s AND v.recorded_at <= %(known)s",
        ]
    )
    versions = " UNION ALL ".join(_BELOW.format(known=one) for one in known)
    sql = f"""
        WITH RECURSIVE below (member_id, hands_on) AS (
            SELECT %(member)s::bigint, false
            UNION ALL
            SELECT v.member_id, v.role = '{Role.DISTRIBUTOR}'
              FROM below b CROSS JOIN LATERAL (SELECT * FROM ({versions}) known OFFSET 0) v
              JOIN distributors_statuspolicy p ON p.status = v.status
             WHERE v.role = '{Role.CUSTOMER}' OR p.customers = '{StatusPolicy.Customers.UPLINE}'
        )
        SELECT member_id FROM below WHERE hands_on
    """  # noqa: S608  # put together from constants
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {"member": member.pk, "end": run.period.ends_at, "known": run.period.locked_at},
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


_BELOW: Final = """
    SELECT v.member_id, v.role, v.status FROM distributors_memberversion v
     WHERE v.sponsor_id = b.member_id AND {known} AND v.effective_from < %(end)s
       AND (v.effective_until IS NULL OR v.effective_until >= %(end)s)"""
