"""Draws what stands in a table by grade: rates, amounts and limits, by rank or by a volume."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.oracle.drawing.draft import Draft

Entry = Callable[[], Any]


def draw_rates_by(draft: Draft, *, sellers: bool = False) -> str:
    """Return what the grade is."""
    dice = draft.dice
    words = ["volume"]
    if draft.ranks:
        words += ["paid-as", "paid-as", "title", "highest"] + ["seller's paid-as"] * 2 * sellers
    word = dice.one_of(words)
    return draft.volume().name if word == "volume" else word


def by_grade(draft: Draft, rates_by: str, entry: Entry, *, everywhere: bool = False) -> Any:
    """Return an entry for everybody, or one for each of some grades.

    `everywhere`: only by grade.
    """
    dice = draft.dice
    if not everywhere and dice.one_in(3):
        return entry()
    names = [each.name for each in draft.volumes]
    if rates_by in names:
        return with_an_empty_one(draft, by_volume(draft, rates_by, entry))
    named = dice.some_of(draft.ranks)
    if draft.ranks[0] not in named and dice.mostly(4):
        named = [draft.ranks[0], *named]
    return with_an_empty_one(draft, {rank: entry() for rank in named})


def with_an_empty_one(draft: Draft, table: dict[str, Any]) -> dict[str, Any]:
    """Return a table of lists in which now and then one grade covers nothing."""
    grade = draft.dice.one_of(list(table))
    if len(table) > 1 and isinstance(table[grade], list) and draft.dice.one_in(8):
        return {**table, grade: []}
    return table


def by_volume(draft: Draft, name: str, entry: Entry) -> dict[str, Any]:
    """Return entries by rising thresholds, the lowest of which most reach."""
    dice = draft.dice
    volume = next(each for each in draft.volumes if each.name == name)
    lowest = dice.one_of([Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(1)])
    steps = [lowest, *dice.some_of([Fraction(3, 2), Fraction(2), Fraction(3), Fraction(5)], 0, 2)]
    return {draft.points(volume.size * Fraction(step)): entry() for step in steps}


def is_by_grade(*said: Any) -> bool:
    """Return whether any of these is a table."""
    return any(isinstance(each, dict) for each in said)


def levels(draft: Draft, *, most: int = 4, may_be_money: bool = False) -> Callable[[], list[str]]:
    """Return what draws a list by level, all per cents or all money."""
    dice = draft.dice
    is_money = may_be_money and dice.one_in(6)
    return lambda: [
        sale_money(draft) if is_money else draft.rate() for _ in range(dice.whole(1, most))
    ]


def one(draft: Draft, *, may_be_money: bool = False) -> Callable[[], str]:
    """Return what draws one rate, or one amount."""
    is_money = may_be_money and draft.dice.one_in(4)
    return lambda: sale_money(draft) if is_money else draft.rate()


def sale_money(draft: Draft) -> str:
    """Return an amount as paid for one sale."""
    return draft.some_money("0.0001", "0.05", "0.1", "0.15", "0.5")


def is_money(said: Any) -> bool:
    """Return whether a table holds amounts of money.

    >>> is_money({"B": ["5%"]}), is_money({"B": []}), is_money(["1.00"])
    (False, False, True)
    """
    if isinstance(said, dict):
        return any(map(is_money, said.values()))
    if isinstance(said, list):
        return any(map(is_money, said))
    return "%" not in said


def limit(draft: Draft) -> str:
    """Return a limit on one earner's money: some are over it."""
    return draft.some_money("0.01", "0.02", "0.05", "0.05", "0.1", "0.2", "1")


def total(draft: Draft) -> str:
    """Return a limit on all together: money, or a per cent of a volume."""
    dice = draft.dice
    if dice.one_in(2):
        return draft.some_money("0.02", "0.05", "0.1", "0.2", "1")
    volume = dice.one_of(["CV", draft.volume().name])
    return f"{dice.one_of(['5%', '10%', '3%', '0.5%', '20%', '33.3333%'])} of {volume}"
