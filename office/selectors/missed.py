"""What reached somebody and was not paid to them: why, and what they can do about it.

A worker wrote what was missed; here it is put in order, the largest first, and said in words. Of an
order an upline sees its number, date, level and volume, and as much of a name as may be shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commissions.engine.plan import BonusRule
from commissions.models import Explanation, Standing
from commissions.plan import Plan
from commissions.selectors import ranks, standings
from distributors.models import Member
from office.selectors.credited import Credited
from office.selectors.remedies import NOTHING, Remedy, remedy
from office.words.bonuses import PayWords
from office.words.reasons import ReasonWords, words_of

ROWS_A_PAGE: Final = 20
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderMissed:
    """One of the largest orders that were not paid."""

    code: str
    at: datetime
    who: str
    is_own_customer: bool
    base: int


@dataclass(frozen=True, slots=True)
class MissedShown:
    """What was not paid in one bonus on one level, for one reason.

    `base` is all its volume, None where that would tell what others earn: then `people` says how
    many did. `amount_minor` is what a limit took off. `orders` says how many orders it is,
    `largest` names a few. `begins` is true where another bonus's rows begin.
    """

    bonus: str
    begins: bool
    unit: str
    level: str
    why: ReasonWords
    because: ReasonWords | None
    passed: bool
    taken: bool
    remedy: Remedy
    base: int | None
    amount_minor: int | None
    people: int
    orders: int
    largest: Sequence[OrderMissed]


@dataclass(frozen=True, slots=True)
class Missed:
    """One page of what one answer says was not paid. `count` is of all rows."""

    as_of: datetime | None
    is_current: bool
    rows: Sequence[MissedShown]
    count: int
    pages: int


def missed(
    answer: Explanation, viewer: Member, *, page: int = 1, size: int = ROWS_A_PAGE
) -> Missed:
    """Return a page of what the viewer missed, bonus by bonus, the largest first. Three queries."""
    run, plan = answer.run, ranks.plan_of(answer.run)
    told = _in_order(answer.missed or [])
    first = (max(page, 1) - 1) * size
    listed = told[first : first + size]
    standing = standings.standing(run, viewer)
    ids = {order["credited"] for one in listed for order in one["largest"]}
    credited = Credited.among(run, viewer, ids)
    return Missed(
        as_of=answer.as_of,
        is_current=answer.generation == run.generation,
        rows=[
            _shown(one, plan, standing, credited, begins=at == 0 or _differ(listed[at - 1], one))
            for at, one in enumerate(listed)
        ],
        count=len(told),
        pages=max(1, -(-len(told) // size)),
    )


def _in_order(told: Sequence[Told]) -> list[Told]:
    """Put bonuses by how much they did not pay, and within each the largest rows first.

    What limits took off is money that was due, and comes before what never was.
    """
    together: dict[int, int] = defaultdict(int)
    for one in told:
        together[one["bonus"]] += _size(one)
    return sorted(
        told,
        key=lambda one: (
            one["amount_minor"] is None, -together[one["bonus"]], one["bonus"], -_size(one),
            one["level"], one["reason"],
        ),
    )  # fmt: skip


def _size(one: Told) -> int:
    return abs(int(one["amount_minor"] or one["base"]))


def _differ(before: Told, one: Told) -> bool:
    return bool(before["bonus"] != one["bonus"])


def _shown(
    one: Told, plan: Plan, standing: Standing | None, credited: Credited, *, begins: bool
) -> MissedShown:
    words = PayWords(plan, one["bonus"])
    is_private = one["in_money"] or one["amount_minor"] is not None
    return MissedShown(
        bonus=one["name"],
        begins=begins,
        unit=words.unit,
        level=words.level(one["level"]) if one["level"] else "",
        why=words_of(one["reason"]),
        because=words_of(one["because"]) if one["because"] else None,
        passed=one["passed"],
        taken=one["taken"],
        remedy=_remedy(plan, standing, words.rule, one),
        base=None if is_private else one["base"],
        amount_minor=one["amount_minor"],
        people=one["people"],
        orders=one["orders"],
        largest=[_order(order, credited) for order in one["largest"]],
    )


def _remedy(plan: Plan, standing: Standing | None, rule: BonusRule | None, one: Told) -> Remedy:
    if rule is None:
        return NOTHING
    return remedy(plan, standing, rule, one["because"] or one["reason"], one["level"])


def _order(order: Told, credited: Credited) -> OrderMissed:
    return OrderMissed(
        code=order["order"],
        at=datetime.fromisoformat(order["at"]),
        who=credited.name(order["credited"]),
        is_own_customer=credited.is_viewer(order["credited"]),
        base=order["base"],
    )
