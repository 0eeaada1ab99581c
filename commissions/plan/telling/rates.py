"""Rates and amounts by grade and level, as sentences or tables."""

from __future__ import annotations

from commissions.engine.plan import NOT_COVERED, GradeBy, Rates
from commissions.plan.telling.document import Block, Listing, Sentence, Table
from commissions.plan.telling.words import Words

GRADES = {
    GradeBy.PAID_AS: "You are paid as",
    GradeBy.TITLE: "Your title",
    GradeBy.HIGHEST: "Your highest rank ever",
    GradeBy.SELLER: "The seller is paid as",
}
NOTHING = "–"


def shown(words: Words, rates: Rates, value: int) -> str:
    """Return one rate or amount."""
    if value == NOT_COVERED:
        return NOTHING
    return words.money(value) if rates.is_money else words.rate(value)


def rates_blocks(
    words: Words, rates: Rates, *, each: str = "", market: int = 0, of: str = ""
) -> list[Block]:
    """Return what each grade is paid.

    `each` names what there are several of, a level say; `of` what a rate is taken of.
    """
    table = rates.table[market]
    if all(row == table[0] for row in table):
        return [_for_everybody(words, rates, table[0], each, of)]
    levels = [f"{each} {k}" for k in range(1, rates.depth + 1)] if each else ["Paid"]
    rows = [
        (_grade(words, rates, grade, market), *(shown(words, rates, one) for one in row))
        for grade, row in enumerate(table)
        if any(one != NOT_COVERED for one in row)
    ]
    return [Table((_by(words, rates), *levels), tuple(rows))]


def _for_everybody(words: Words, rates: Rates, row: tuple[int, ...], each: str, of: str) -> Block:
    what = f" of {of}" if of and not rates.is_money else ""
    if not each:
        return Sentence(f"You are paid {shown(words, rates, row[0])}{what}.")
    items = tuple(
        f"{shown(words, rates, one)}{what} on {each.lower()} {k}"
        for k, one in enumerate(row, start=1)
        if one != NOT_COVERED
    )
    return Listing("You are paid:", items)


def limits_blocks(words: Words, rates: Rates, market: int) -> list[Block]:
    """Return how much each grade is paid at most."""
    table = rates.table[market]
    start = "This bonus pays nobody more than"
    if all(row == table[0] for row in table):
        if table[0][0] == NOT_COVERED:
            return [Sentence("This bonus has no limit for one earner.")]
        most = words.money(table[0][0])
        return [Sentence(f"{start} {most} in a {words.run_period}.")]
    rows = [
        (_grade(words, rates, grade, market), words.money(row[0]))
        for grade, row in enumerate(table)
        if row[0] != NOT_COVERED
    ]
    return [
        Sentence(f"{start} this in a {words.run_period}:"),
        Table((_by(words, rates), "At most"), tuple(rows)),
    ]


def _by(words: Words, rates: Rates) -> str:
    if rates.by == GradeBy.FIGURE:
        return f"Your {words.volume(rates.figure)} is at least"
    return GRADES[rates.by]


def _grade(words: Words, rates: Rates, grade: int, market: int) -> str:
    if rates.by == GradeBy.FIGURE:
        return words.points(rates.thresholds[market][grade - 1]) if grade else "less"
    return words.plan.rank_name(grade) or "no rank"
