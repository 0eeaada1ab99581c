"""The single lines behind an earner's figures, as the earner may see them.

A worker wrote the lines; here they are grouped, named and added up. Shown of each: the order's
number and date, the level, whose order it is by as much of the name as may be shown, base, rate and
amount. Never products, order lines, or who the customer was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commissions.models import Explanation, Run
from commissions.plan import Plan
from commissions.selectors import ranks
from distributors.models import Member
from distributors.selectors import versions_at
from office.names import shown
from office.selectors.figures import bonus_name

Line = Mapping[str, Any]

#: How many lines of a level are listed before one has to ask for the others.
FIRST_LINES: Final = 20
LINES_A_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class LineShown:
    """What one order brought at one level and rate, its products together.

    `order` is empty for many small amounts summed, of which there are `count`.
    """

    order: str
    at: datetime | None
    who: str
    is_own_customer: bool
    count: int
    rate_ppm: int
    base: int
    amount_minor: int
    reverses: int


@dataclass(frozen=True, slots=True)
class LevelShown:
    """The lines of one level of one bonus, and their sum; `lines` may be the first few only."""

    level: int
    lines: Sequence[LineShown]
    count: int
    base: int
    amount_minor: int

    @property
    def hidden(self) -> int:
        """Return how many lines are not listed."""
        return max(0, self.count - sum(line.count for line in self.lines))


@dataclass(frozen=True, slots=True)
class BonusShown:
    """One bonus with its levels."""

    index: int
    name: str
    levels: Sequence[LevelShown]

    @property
    def amount_minor(self) -> int:
        """Return the sum."""
        return sum(level.amount_minor for level in self.levels)


@dataclass(frozen=True, slots=True)
class Why:
    """All lines of one answer. `is_current`: the figures shown elsewhere are of the same moment."""

    as_of: datetime | None
    is_current: bool
    bonuses: Sequence[BonusShown]

    @property
    def total_minor(self) -> int:
        """Return the sum of all lines."""
        return sum(bonus.amount_minor for bonus in self.bonuses)


def why(
    answer: Explanation, viewer: Member, *, bonus: int | None = None, level: int | None = None,
    page: int = 1,
) -> Why:  # fmt: skip
    """Return an answer as its earner may see it: all of it, or one page of one level's lines.

    Two queries for the names, however many lines.
    """
    run = answer.run
    lines = [
        line
        for line in answer.lines or []
        if bonus is None or (line["bonus"], line["level"]) == (bonus, level)
    ]
    first = 0 if bonus is None else (max(page, 1) - 1) * LINES_A_PAGE
    size = FIRST_LINES if bonus is None else LINES_A_PAGE
    grouped = _grouped(lines)
    listed = {key: group[first : first + size] for key, group in grouped.items()}
    namer = _Names(viewer, [line for group in listed.values() for line in group], run)
    plan = ranks.plan_of(run)
    return Why(
        as_of=answer.as_of,
        is_current=answer.generation == run.generation,
        bonuses=_bonuses(grouped, listed, namer, plan),
    )


def pages_of(answer: Explanation, *, bonus: int, level: int) -> int:
    """Return how many pages a level's lines fill."""
    count = len(_grouped(answer.lines or []).get((bonus, level), []))
    return max(1, -(-count // LINES_A_PAGE))


def _grouped(lines: Iterable[Line]) -> dict[tuple[int, int], list[Line]]:
    """Group lines by bonus and level, those of one order as one: order lines are not shown."""
    orders: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        single = line["order"] or f"{line['sale']}.{len(orders)}"
        key = (line["bonus"], line["level"], single, line["rate_ppm"], line["reverses"])
        if key in orders:
            orders[key]["base"] += line["base"]
            orders[key]["amount_minor"] += line["amount_minor"]
        else:
            orders[key] = dict(line)
    grouped: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for key, order in orders.items():
        grouped[key[0], key[1]].append(order)
    return dict(sorted(grouped.items()))


def _bonuses(
    grouped: dict[tuple[int, int], list[Line]],
    listed: dict[tuple[int, int], list[Line]],
    namer: _Names,
    plan: Plan,
) -> list[BonusShown]:
    levels: dict[int, list[LevelShown]] = defaultdict(list)
    for (bonus, level), lines in grouped.items():
        levels[bonus].append(
            LevelShown(
                level=level,
                lines=[namer.shown(line) for line in listed[bonus, level]],
                count=sum(line.get("count", 1) for line in lines),
                base=sum(line["base"] for line in lines),
                amount_minor=sum(line["amount_minor"] for line in lines),
            )
        )
    return [BonusShown(index, bonus_name(plan, index), rows) for index, rows in levels.items()]


class _Names:
    """Whom each line's order is credited to, by as much of the name as the viewer may see."""

    def __init__(self, viewer: Member, lines: Sequence[Line], run: Run) -> None:
        ids = {line["credited"] for line in lines if line["credited"] is not None}
        at = run.as_of or run.period.starts_at
        front = versions_at(at).filter(sponsor=viewer, member__in=ids)
        self._viewer = viewer
        self._frontline = set(front.values_list("member_id", flat=True))
        self._names = dict(Member.objects.filter(pk__in=ids).values_list("pk", "name"))

    def shown(self, line: Line) -> LineShown:
        credited = line["credited"]
        own = credited == self._viewer.pk
        name = self._names.get(credited, "")
        return LineShown(
            order=line["order"] or "",
            at=datetime.fromisoformat(line["at"]) if line["at"] else None,
            who="" if own else shown(name, is_own_frontline=credited in self._frontline),
            is_own_customer=own,
            count=line.get("count", 1),
            rate_ppm=line["rate_ppm"],
            base=line["base"],
            amount_minor=line["amount_minor"],
            reverses=line["reverses"],
        )
