"""The single lines behind an earner's figures, as the earner may see them.

A worker wrote the lines; here they are grouped, named and added up. Shown of each: the order's
number and date, the level, whose order it is by as much of the name as may be shown, base, rate and
amount. Never products, order lines, who the customer was, or what somebody else earned: what is a
share of others' earnings is one amount for each level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commissions.models import Explanation, Period
from distributors.models import Member
from office.selectors.credited import Credited
from office.selectors.pays import Pays, anchor
from office.words.bonuses import PayWords
from office.words.lines import resting_on

Line = Mapping[str, Any]
Key = tuple[int, int, int]
"""Which run's pay it takes back, which bonus, and which level."""

#: How many lines of a level are listed before one has to ask for the others.
FIRST_LINES: Final = 10
LINES_A_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class LineShown:
    """What one order brought at one level and rate, its products together.

    `order` is empty for what rests on no single order: `words` then say what it rests on. `count`
    is how many lines are one here. `base` is None where it is no volume, or somebody else's.
    """

    order: str
    at: datetime | None
    returned_at: datetime | None
    who: str
    is_own_customer: bool
    words: str
    count: int
    rate_ppm: int
    base: int | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class LevelShown:
    """The lines of one level of one bonus, and their sum; `lines` may be the first few only."""

    level: int
    name: str
    lines: Sequence[LineShown]
    count: int
    amount_minor: int
    are_orders: bool

    @property
    def is_worked_out(self) -> bool:
        """Tell whether there is a rate or a base to be shown."""
        return any(line.rate_ppm or line.base is not None for line in self.lines)

    @property
    def is_plain(self) -> bool:
        """Tell whether the sum is all there is to say, as of what is taken off."""
        return not self.is_worked_out and all(
            not line.order and not line.words for line in self.lines
        )

    @property
    def hidden(self) -> int:
        """Return how many lines are not listed."""
        return max(0, self.count - sum(line.count for line in self.lines))


@dataclass(frozen=True, slots=True)
class BonusShown:
    """One bonus with its levels; `takes_back` is the period whose pay goods that came back undo."""

    index: int
    anchor: str
    name: str
    note: str
    unit: str
    takes_back: Period | None
    back_anchor: str
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


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of one level's lines; `label` is that of the period whose pay is taken back."""

    bonus: int
    level: int
    label: str = ""
    page: int = 1


def why(answer: Explanation, viewer: Member, only: Asked | None = None) -> tuple[Why, int]:
    """Return an answer as its earner may see it, all of it or one page of one level's lines.

    With it comes how many pages that level fills. Two queries for the names, however many lines,
    and one where pay is taken back.
    """
    told = answer.lines or []
    pays = Pays.behind(answer.run, {line["reverses"] for line in told})
    grouped = _grouped(told)
    if only is not None:
        grouped = {key: lines for key, lines in grouped.items() if _is_asked(key, only, pays)}
    first = 0 if only is None else (max(only.page, 1) - 1) * LINES_A_PAGE
    size = FIRST_LINES if only is None else LINES_A_PAGE
    listed = {key: lines[first : first + size] for key, lines in grouped.items()}
    ids = {line["credited"] for lines in listed.values() for line in lines}
    credited = Credited.among(answer.run, viewer, ids)
    found = Why(
        as_of=answer.as_of,
        is_current=answer.generation == answer.run.generation,
        bonuses=_bonuses(grouped, listed, credited, pays),
    )
    longest = max((len(lines) for lines in grouped.values()), default=0)
    return found, max(1, -(-longest // LINES_A_PAGE))


def _is_asked(key: Key, only: Asked, pays: Pays) -> bool:
    reverses, bonus, level = key
    back = pays.taken_from(reverses)
    return (bonus, level, back.label if back else "") == (only.bonus, only.level, only.label)


def _grouped(lines: Iterable[Line]) -> dict[Key, list[Line]]:
    """Group lines by bonus and level, those that must not be told apart as one.

    One are the products of an order, and what a level's people together earned.
    """
    singles: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        key = (
            line["reverses"], line["bonus"], line["level"], line["evidence"], line["rate_ppm"],
            line["order"], line["of_bonus"], line["returned_at"], "count" in line,
        )  # fmt: skip
        if key in singles:
            singles[key]["base"] += line["base"]
            singles[key]["amount_minor"] += line["amount_minor"]
            singles[key]["people"].add(line["of"])
        else:
            singles[key] = {**line, "people": {line["of"]}}
    grouped: dict[Key, list[Line]] = defaultdict(list)
    for key, single in singles.items():
        grouped[key[0], key[1], key[2]].append(single)
    return dict(sorted(grouped.items()))


def _bonuses(
    grouped: Mapping[Key, Sequence[Line]],
    listed: Mapping[Key, Sequence[Line]],
    credited: Credited,
    pays: Pays,
) -> list[BonusShown]:
    levels: dict[tuple[int, int], list[LevelShown]] = defaultdict(list)
    for (reverses, bonus, level), lines in grouped.items():
        words = pays.words(reverses, bonus)
        levels[reverses, bonus].append(
            LevelShown(
                level=level,
                name=words.level(level),
                lines=[_shown(line, credited, words) for line in listed[reverses, bonus, level]],
                count=sum(line.get("count", 1) for line in lines),
                amount_minor=sum(line["amount_minor"] for line in lines),
                are_orders=all(line["evidence"] == "sale" for line in lines),
            )
        )
    return [_bonus(reverses, bonus, rows, pays) for (reverses, bonus), rows in levels.items()]


def _bonus(reverses: int, bonus: int, rows: Sequence[LevelShown], pays: Pays) -> BonusShown:
    words, takes_back = pays.words(reverses, bonus), pays.taken_from(reverses)
    return BonusShown(
        index=bonus,
        anchor=anchor(takes_back, bonus),
        name=words.name,
        note=words.note,
        unit=words.unit,
        takes_back=takes_back,
        back_anchor=anchor(None, bonus),
        levels=rows,
    )


def _shown(line: Line, credited: Credited, words: PayWords) -> LineShown:
    own = credited.is_viewer(line["credited"])
    return LineShown(
        order=line["order"] or "",
        at=_moment(line["at"]),
        returned_at=_moment(line["returned_at"]),
        who=credited.name(line["credited"]),
        is_own_customer=own,
        words="" if line["order"] else resting_on(line, words, credited.viewer.pk),
        count=line.get("count", 1),
        rate_ppm=line["rate_ppm"],
        base=line["base"] if words.unit and not line["in_money"] and "fund" not in line else None,
        amount_minor=line["amount_minor"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
