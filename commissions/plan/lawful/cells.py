"""The kinds of sales that a plan tells apart, and how much of each sale a volume counts.

A sale is a customer's or an own order, a first or a later one, of a certain time after the buyer's
joining. Whatever a plan can say of single sales is the same for all sales of one such cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from commissions.engine.plan import OrderOf, SaleTime, TimeOf
from commissions.plan.lawful.made_of import MadeOf, Part

CELLS_MOST = 400
"""With more cells than that, all sales are taken as if they met every condition of time."""

IN_DAYS = (TimeOf.WITHIN_DAYS, TimeOf.AFTER_DAYS)
IN_MONTHS = (TimeOf.WITHIN_MONTHS, TimeOf.AFTER_MONTHS)
WITHIN = (TimeOf.WITHIN_DAYS, TimeOf.WITHIN_MONTHS)


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of sale; `days` and `months` since joining are None where every time is meant."""

    customers: bool
    first: bool
    days: int | None = 0
    months: int | None = 0

    def has(self, when: SaleTime) -> bool:
        """Tell whether a sale of this cell is within a time.

        >>> Cell(True, True, days=60).has(SaleTime(time=TimeOf.WITHIN_DAYS, count=60))
        False
        """
        if when.orders == OrderOf.FIRST and not self.first:
            return False
        if when.orders == OrderOf.LATER and self.first:
            return False
        age = self.days if when.time in IN_DAYS else self.months
        if when.time == TimeOf.ALWAYS or age is None:
            return True
        return 0 <= age < when.count if when.time in WITHIN else age >= when.count

    def words(self, times: Times) -> str:
        """Return what such a sale is called, as far as the plan tells sales apart."""
        first = ("first " if self.first else "later ") * times.tells_first
        text = (
            f"a customer's {first}order" if self.customers else f"a distributor's own {first}order"
        )
        for age, counts, unit in (
            (self.days, times.days, "days"),
            (self.months, times.months, "months"),
        ):
            if age is not None and counts:
                text += _age_words(age, counts, unit)
        return text


def _age_words(age: int, counts: list[int], unit: str) -> str:
    if age < 0:
        return " before joining"
    until = next((count for count in counts if count > age), None)
    return f" after {_many(age, unit)}" if until is None else f" within {_many(until, unit)}"


def _many(count: int, unit: str) -> str:
    return f"{count} {unit if count > 1 else unit.removesuffix('s')} of joining"


@dataclass(slots=True)
class Times:
    """All times that a plan's sale volumes and bonuses tell apart."""

    whens: Iterable[SaleTime]
    days: list[int] = field(init=False)
    months: list[int] = field(init=False)
    tells_first: bool = field(init=False)

    def __post_init__(self) -> None:
        whens = list(self.whens)
        self.days = sorted({when.count for when in whens if when.time in IN_DAYS})
        self.months = sorted({when.count for when in whens if when.time in IN_MONTHS})
        self.tells_first = any(when.orders != OrderOf.ALL for when in whens)

    def cells(self) -> list[Cell]:
        """Return every kind of sale."""
        days, months = _ages(self.days), _ages(self.months)
        if len(days) * len(months) * 4 > CELLS_MOST:
            days = months = [None]
        return [
            Cell(customers, first, day, month)
            for customers, first, day, month in product([True, False], [True, False], days, months)
        ]


def _ages(counts: list[int]) -> list[int | None]:
    """Return an age of each stretch between the times that are told apart, before joining last."""
    return [0, *counts, -1] if counts else [0]


def counted(made_of: MadeOf, figure: int, cell: Cell) -> Fraction | None:
    """Return how much of a sale's points a volume counts at most; None: there is no limit.

    Each column is at most the price that was paid, so that columns which are added count together
    and one that is taken off counts for nothing. A volume that is not of one person in this period
    counts a sale again and again.
    """
    columns: dict[int, Fraction] = {}
    for part, count in made_of.sums[figure].items():
        if not _is_of_one_sale(part):
            return None
        if part.customers == cell.customers and cell.has(part.when):
            columns[part.column] = columns.get(part.column, Fraction(0)) + count
    return sum((count for count in columns.values() if count > 0), Fraction(0))


def _is_of_one_sale(part: Part) -> bool:
    return part.region is None and not part.past and not part.is_figure
