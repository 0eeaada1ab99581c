"""Answers to "why" and "why not" as they are stored: lines and what they rest on, what was missed.

Of an order its number and date are told, and whose it is credited to: never products or the
customer. Amounts and bases are integers; a base is in hundredths of a point, of matching in money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection

from commissions.engine import (
    Cut,
    Evidence,
    Missed,
    Outcome,
    Plan,
    RunResult,
    capped_by,
    missed_by,
)
from commissions.engine.bonuses.legs import lay_legs
from commissions.engine.bonuses.pool import fund_of
from commissions.engine.plan import BinaryRule, MatchingRule, PayKind, PoolRule
from commissions.engine.reasons import CODES, NOBODY, SKIPPED
from mlm.copying import Rows
from orders.models import SaleLine

#: Beyond this many lines the smaller ones are summed by bonus, level, rate and evidence.
MOST_LINES: Final = 5_000
#: So many orders are named of what was missed for one reason, the largest.
MOST_ORDERS: Final = 5

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Sale:
    order: str
    at: datetime
    credited: int
    returned_at: datetime | None


def told_lines(
    lines: Rows, plans: Mapping[int, Plan], about: Mapping[int, Told] | None = None
) -> list[Told]:
    """Return lines with what they rest on, the largest amounts first kept; one query.

    `plans` has the plan of the run itself under 0, and those of runs whose pay is taken back.
    `about` has what `told_about` says of the run's own bonuses; it goes into their lines.
    """
    by_size = np.argsort(-np.abs(lines["amount_minor"]), kind="stable")
    shown, rest = lines[by_size[:MOST_LINES]], lines[by_size[MOST_LINES:]]
    sales = _sales(shown)
    found = [_line(line, sales, plans) for line in shown]
    found.sort(key=lambda line: (line["bonus"], line["level"], str(line["at"]), line["sale"]))
    found += _summed(rest, plans)
    for line in found:
        if about and not line["reverses"]:
            line.update(about.get(line["bonus"], {}))
    return found


def told_about(result: RunResult, member_id: int) -> dict[int, Told]:
    """Return what bonuses that rest on no single sale are worked out from, by place in `pays`.

    Of a pool `fund` in smallest units and all `shares`; of a binary what the member's `left` and
    `right` leg had before they were paired. Nothing for who is no distributor.
    """
    found: dict[int, Told] = {}
    ground = result.ground
    try:
        row = result.network.row_of(member_id)
    except KeyError:
        return found
    for place, part in result.paid.items():
        pay = ground.plan.pays[place]
        rule = ground.plan.bonuses[pay.of] if pay.kind == PayKind.BONUS else None
        if isinstance(rule, PoolRule) and (part.direct.earner == row).any():
            found[place] = {
                "fund": fund_of(ground, rule), "shares": int(part.direct.base.sum()),
            }  # fmt: skip
        elif isinstance(rule, BinaryRule) and (part.direct.earner == row).any():
            left, right = lay_legs(ground, rule, np.ones(ground.size, np.bool_))
            found[place] = {"left": int(left.has()[row]), "right": int(right.has()[row])}
    return found


def _sales(lines: Rows) -> dict[int, _Sale]:
    on_sale = lines["evidence"] == int(Evidence.SALE)
    wanted = {*lines["source_id"][on_sale].tolist(), *lines["returned_id"].tolist()} - {0}
    rows = SaleLine.objects.filter(pk__in=wanted).values_list(
        "pk", "order__code", "commission_at", "credited_id", "return_line__returned__returned_at"
    )
    return {pk: _Sale(order, at, credited, returned) for pk, order, at, credited, returned in rows}


def _line(line: Rows, sales: Mapping[int, _Sale], plans: Mapping[int, Plan]) -> Told:
    """Return one line: with order, date and credited, or with whose figures (`of`) it rests on."""
    plan = plans[int(line["reverses"])]
    evidence, source = Evidence(int(line["evidence"])), int(line["source_id"])
    on_sale = evidence == Evidence.SALE
    sale = sales[source] if on_sale else None
    of_bonus = int(line["source_bonus"])
    returned = sales.get(int(line["returned_id"]))
    return {
        "evidence": evidence.name.lower(),
        "sale": source if on_sale else 0,
        "order": sale.order if sale else None,
        "at": sale.at.isoformat() if sale else None,
        "credited": sale.credited if sale else None,
        "of": None if on_sale or source < 0 else source,
        "of_bonus": plan.bonuses[of_bonus].name if of_bonus >= 0 else None,
        "returned_at": returned.returned_at.isoformat()
        if returned and returned.returned_at
        else None,
        **_figures(line, plan),
    }


def _figures(line: Rows, plan: Plan) -> Told:
    """Return what an amount is made of, and under which name."""
    names = ("bonus", "level", "rate_ppm", "base", "amount_minor", "reverses")
    pay = plan.pays[int(line["bonus"])]
    in_money = pay.kind == PayKind.BONUS and isinstance(plan.bonuses[pay.of], MatchingRule)
    return {"name": pay.name, "in_money": in_money} | {name: int(line[name]) for name in names}


def _summed(lines: Iterable[Rows], plans: Mapping[int, Plan]) -> list[Told]:
    """Return one line for many: `order` is None, and `count` says how many they are."""
    keys = ("bonus", "level", "rate_ppm", "reverses", "evidence")
    sums: dict[tuple[int, ...], Told] = {}
    for line in lines:
        key = tuple(int(line[name]) for name in keys)
        figures = _figures(line, plans[int(line["reverses"])])
        if key not in sums:
            nothing = dict.fromkeys(("order", "at", "credited", "of", "of_bonus", "returned_at"))
            evidence = Evidence(key[-1]).name.lower()
            sums[key] = {"evidence": evidence, "sale": 0, **nothing, **figures, "count": 1}
            continue
        sums[key]["count"] += 1
        for name in ("base", "amount_minor"):
            sums[key][name] += figures[name]
    return [sums[key] for key in sorted(sums)]


def told_missed(result: RunResult, member_id: int) -> list[Told]:
    """Return what reached a member and was not paid, by bonus, level and reason; one query.

    Nothing for who is no distributor. `passed` tells that it went on to those above, `taken` that
    one of them was paid for it. `orders` is how many there are, `base` their base together, and
    `largest` names a few. Of matching `people` is how many earned it, and `base`, what they earned,
    is in money (`in_money`). `because` is why legs that lost volume could not be paired. What
    limits took off comes last: `amount_minor`, of the place in `pays` of the limit.
    """
    try:
        missed = missed_by(result, member_id)
    except KeyError:
        return []
    orders = _orders_of(result, missed)
    found = [
        _told(result.ground.plan, one, count, largest)
        for one, (count, largest) in zip(missed, orders, strict=True)
    ]
    return found + [_cut(result.ground.plan, cut) for cut in capped_by(result, member_id)]


def _told(plan: Plan, one: Missed, orders: int, largest: list[Told]) -> Told:
    return {
        "bonus": one.bonus,
        "name": plan.bonuses[one.bonus].name,
        "level": one.level,
        "reason": CODES[one.outcome],
        "because": CODES[one.because] if one.because is not None else None,
        "passed": one.outcome in SKIPPED,
        "taken": one.to != NOBODY,
        "base": one.base,
        "in_money": isinstance(plan.bonuses[one.bonus], MatchingRule),
        "amount_minor": None,
        "people": len(set(one.members.tolist())),
        "orders": orders,
        "largest": largest,
    }


def _cut(plan: Plan, cut: Cut) -> Told:
    return {
        "bonus": cut.pay,
        "name": plan.pays[cut.pay].name,
        "level": cut.level,
        "reason": CODES[Outcome.CAPPED],
        "because": None,
        "passed": False,
        "taken": False,
        "base": 0,
        "in_money": False,
        "amount_minor": cut.due - cut.paid,
        "people": 0,
        "orders": 0,
        "largest": [],
    }


_LARGEST: Final = """
WITH by_order AS (
    SELECT m.place, s.order_id, sum(m.base)::bigint AS base, max(s.commission_at) AS at,
           max(s.credited_id) AS credited
      FROM unnest(%s::integer[], %s::bigint[], %s::bigint[]) AS m (place, sale_id, base)
      JOIN orders_saleline s ON s.id = m.sale_id
     GROUP BY m.place, s.order_id
), ranked AS (
    SELECT *, count(*) OVER (PARTITION BY place) AS orders,
           row_number() OVER (PARTITION BY place ORDER BY abs(base) DESC, order_id) AS nth
      FROM by_order
)
SELECT r.place, r.orders, o.code, r.at, r.credited, r.base
  FROM ranked r JOIN orders_order o ON o.id = r.order_id
 WHERE r.nth <= %s ORDER BY r.place, r.nth
"""


def _orders_of(result: RunResult, missed: Sequence[Missed]) -> list[tuple[int, list[Told]]]:
    """Return for each missed part how many orders it is, and the largest of them."""
    sizes = [len(one.sales) for one in missed]
    place = np.repeat(np.arange(len(missed)), sizes)
    sales = np.concatenate([np.zeros(0, np.int64), *(one.sales for one in missed)])
    base = np.concatenate([np.zeros(0, np.int64), *(_bases(result, one) for one in missed)])
    found: dict[int, tuple[int, list[Told]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LARGEST, [place.tolist(), sales.tolist(), base.tolist(), MOST_ORDERS])
        for number, orders, code, at, credited, size in cursor.fetchall():
            _, largest = found.setdefault(number, (orders, []))
            largest.append(
                {"order": code, "at": at.isoformat(), "credited": credited, "base": size}
            )
    return [found.get(number, (0, [])) for number in range(len(missed))]


def _bases(result: RunResult, missed: Missed) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the base of each sale that was missed; nothing where no sales were."""
    if not len(missed.sales):
        return missed.sales
    ground = result.ground
    figure = ground.plan.bonuses[missed.bonus].pays_on
    by_place = np.empty(len(ground.snapshot.sale), np.int64)
    by_place[ground.sales.at] = ground.base_of(figure)
    order = np.argsort(ground.snapshot.sale, kind="stable")
    at = order[np.searchsorted(ground.snapshot.sale, missed.sales, sorter=order)]
    return by_place[at]
