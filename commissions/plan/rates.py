"""Tables of rates and amounts by grade, with what markets say instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from commissions.engine.plan import NOT_COVERED, GradeBy, Rates
from commissions.plan import exact
from commissions.plan.meaning import Meaning
from commissions.plan.mistakes import Place, closest, one_of
from commissions.plan.toml import Node

Row = list[int]


class LeftOut:
    """Stands for a market in which a bonus is left out."""


LEFT_OUT: Final = LeftOut()
Table = tuple[Node | LeftOut, str]
"""A table of rates and what its place is called."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What makes the grade of an earner; `figure` is -1 unless it is a volume."""

    by: GradeBy = GradeBy.PAID_AS
    figure: int = -1


@dataclass(slots=True)
class RatesReader:
    """Reads one key of a bonus: the plan's own table and that of each market.

    `has_grades` tells whether anybody is paid by grade; `is_money` what the first entry says.
    """

    meaning: Meaning
    grade: Grade
    inherits: bool = True
    has_grades: bool = False
    is_money: bool | None = None
    _path: str = ""
    _is_mixed: bool = False
    _thresholds: list[tuple[int, ...]] = field(default_factory=list)

    def read(self, tables: Sequence[Table]) -> Rates:
        """Return the rates; `tables` has the plan's own first, then one for each market."""
        rows = [self._market(table, path) for table, path in tables]
        depth = max((len(row) for market in rows for row in market), default=0)
        first, path = tables[0]
        if depth == 0 and isinstance(first, Node) and _pays_nobody(first):
            self.meaning.mistakes.add(
                first.place, path, "This pays nobody anything.", "Write at least one rate."
            )
        return Rates(
            by=self.grade.by,
            table=tuple(
                tuple(tuple(row) + (NOT_COVERED,) * (max(depth, 1) - len(row)) for row in market)
                for market in rows
            ),
            figure=self.grade.figure,
            thresholds=tuple(self._thresholds) if self.grade.by == GradeBy.FIGURE else (),
            is_money=bool(self.is_money),
        )

    def one(self, node: Node, path: str) -> int:
        """Return one rate or amount of a table of them; 0 where a mistake is noted."""
        self._path = path
        return self._figure(node)

    def _market(self, table: Node | LeftOut, path: str) -> list[Row]:
        """Return a row for each grade, the lowest first."""
        self._path = path
        self._thresholds.append(())
        if isinstance(table, Node) and isinstance(table.value, dict):
            self.has_grades = True
            if self.grade.by == GradeBy.FIGURE:
                return self._by_figure(table)
            return self._by_rank(table)
        row = self._row(table) if isinstance(table, Node) else []
        grades = 1 if self.grade.by == GradeBy.FIGURE else len(self.meaning.ranks) + 1
        return [row] * grades

    def _by_rank(self, table: Node) -> list[Row]:
        """Return the rows of no rank and of each; one not named may have those of the one below."""
        ranks = self.meaning.ranks
        for name, entry in table.value.items():
            if name not in ranks:
                self.meaning.mistakes.add(
                    entry.place, self._path, f'There is no rank "{name}".',
                    f"Write {one_of(ranks)}." if ranks else "Add a [[rank]] first.",
                    closest(name, ranks),
                )  # fmt: skip
        named = {name: self._row(entry.node) for name, entry in table.value.items()}
        rows: list[Row] = [[]]
        for rank in ranks:
            rows.append(named.get(rank, rows[-1] if self.inherits else []))
        return rows

    def _by_figure(self, table: Node) -> list[Row]:
        """Return the rows of who reaches no threshold, and of each threshold."""
        rows: list[Row] = [[]]
        thresholds: list[int] = []
        for text, entry in table.value.items():
            thresholds += threshold_of(text, entry.place, self._path, thresholds, self.meaning)
            rows.append(self._row(entry.node))
        self._thresholds[-1] = tuple(thresholds)
        return rows

    def _row(self, node: Node) -> Row:
        if isinstance(node.value, list):
            return [self._figure(inner) for inner in node.value]
        return [self._figure(node)]

    def _figure(self, node: Node) -> int:
        """Return a rate or an amount; 0 where a mistake is noted."""
        if node.broken or not isinstance(node.value, str) or not _is_figure(node.value):
            return 0
        is_money = "%" not in node.value
        if self.is_money is None:
            self.is_money = is_money
        elif self.is_money != is_money:
            if self._is_mixed:
                return 0
            self._is_mixed = True
            self.meaning.mistakes.add(
                node.place, self._path, "Per cents and money stand in one table.",
                "Write all of them as per cents, or all as amounts.",
            )  # fmt: skip
            return 0
        if not is_money:
            return exact.rate_ppm(node.value)
        if self._may_be_either(node.value):
            self.meaning.mistakes.add(
                node.place, self._path, f'"{node.value}" may be a per cent or an amount of money.',
                f'Write "{node.value}%", or "{node.value}.00" for money.',
            )  # fmt: skip
            return 0
        return amount_of(node, self._path, self.meaning)

    def _may_be_either(self, text: str) -> bool:
        """Tell whether a rate is a whole number where money has smaller units: "10" is either."""
        is_rate = self._path.endswith("rates") and self.meaning.exponent != 0
        return is_rate and "." not in text and exact.minor_units(text, 0) > 0


def _is_figure(text: str) -> bool:
    """Tell whether it is a rate or an amount; what is none was noted with the shape."""
    try:
        if "%" in text:
            exact.rate_ppm(text)
        else:
            exact.minor_units(text, 3)
    except ValueError:
        return False
    return True


def _pays_nobody(table: Node) -> bool:
    """Tell whether there is a table without a single rate."""
    if not isinstance(table.value, dict):
        return False
    return bool(table.value) and not any(entry.node.value for entry in table.value.values())


def amount_of(node: Node, path: str, meaning: Meaning) -> int:
    """Return money in the currency's smallest units; 0, noted, if it is too exact for it."""
    try:
        exact.minor_units(node.value, 3)
    except ValueError:
        return 0
    try:
        return exact.minor_units(node.value, 3 if meaning.exponent is None else meaning.exponent)
    except ValueError as error:
        meaning.mistakes.add(node.place, path, str(error), "Write fewer decimals.")
        return 0


def threshold_of(
    text: str, place: Place, path: str, before: list[int], meaning: Meaning
) -> list[int]:
    """Return a threshold in hundredths, in a list; nothing, noted, if it does not rise."""
    try:
        threshold = exact.hundredths(text)
    except ValueError as error:
        meaning.mistakes.add(place, path, str(error), 'Write thresholds like "200" or "200.50".')
        return []
    if before and threshold <= before[-1]:
        meaning.mistakes.add(
            place, path, f"{text} does not come after {exact.shown_points(before[-1])}.",
            "Write the thresholds from the lowest to the highest, each once.",
        )  # fmt: skip
        return []
    return [threshold]
