"""`binary` in a plan's text: pay on two legs that are paired."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commissions.engine.plan import BinaryRule, Cycle, TreeKind
from commissions.plan import limits
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import BonusTable
from commissions.plan.given import Given
from commissions.plan.models import Table
from commissions.plan.rates import LeftOut
from commissions.plan.texts import OnePay, OneRate, Points, Rate, TreeName, VolumeName

OWN_VOLUME = ("none", "left", "right", "weaker")
CARRY = ("both legs", "weaker leg", "nothing")
UNQUALIFIED = ("carry", "add nothing", "lose stronger", "lose both", "use up")
"""In the order of the engine's numbers."""
ABOUT_CYCLES = ("steps", "most_cycles", "beyond")


class CycleTable(Table):
    """A step of pairing."""

    strong: Points
    weak: Points
    times: Annotated[int, Field(ge=1, le=limits.COUNT)] | None = None
    pays: OnePay
    of: Points | None = None


class BinaryTable(BonusTable):
    """Pay on two legs that are paired."""

    kind: Literal["binary"]
    round_at: Literal["line"] = "line"
    on_return: Literal["volume", "share", "none"] = "volume"
    part: Rate = "100%"
    tree: TreeName
    pays_on: VolumeName
    own_volume: Literal["none", "weaker", "left", "right"] = "none"
    rates: OneRate | None = None
    rates_by: str = "paid-as"
    ratio: bool = False
    cycle: Annotated[list[CycleTable], Field(min_length=1, max_length=limits.LEVELS)] | None = None
    steps: Literal["each period", "for good"] = "each period"
    most_cycles: Annotated[int, Field(ge=1, le=limits.COUNT)] | None = None
    beyond: Literal["stay", "are used up"] = "stay"
    carry: Literal["both legs", "weaker leg", "nothing"] = "both legs"
    carry_most: Points | None = None
    carry_expires: Annotated[int, Field(ge=1, le=limits.PERIODS)] | None = None
    while_unqualified: Literal["carry", "add nothing", "lose stronger", "lose both", "use up"] = (
        "carry"
    )


def binary(bonus: BonusReader) -> BinaryRule:
    """Return the rule of a `binary`."""
    given = bonus.given
    _check(bonus)
    rates = bonus.rates("rates") if given.has("rates") else None
    cycles = tuple(_cycle(bonus, step) for step in given.tables("cycle", CycleTable))
    return BinaryRule(
        tree=bonus.tree(-1, (TreeKind.BINARY,)),
        pays_on=bonus.pays_on(),
        own_volume=OWN_VOLUME.index(given.word("own_volume")),
        rates=rates,
        ratio=given.flag("ratio"),
        cycles=cycles,
        steps_for_good=given.word("steps") == "for good",
        most_cycles=given.number("most_cycles"),
        beyond_used_up=given.word("beyond") == "are used up",
        carry=CARRY.index(given.word("carry")),
        carry_most=bonus.points("carry_most"),
        carry_expires=given.number("carry_expires"),
        unqualified=UNQUALIFIED.index(given.word("while_unqualified")),
        **bonus.common(),
    )


def _check(bonus: BonusReader) -> None:
    """Note what does not fit together."""
    given = bonus.given
    if given.has("rates") == given.has("cycle"):
        bonus.refuse("rates", 'Either "rates" or "[[bonus.cycle]]" says what is paid.',
                     "Write one of the two.")  # fmt: skip
    if given.has("cycle"):
        _check_times(bonus)
        _refuse_all(bonus, ("ratio",), "A ratio is of rates, and cycles have none.")
    else:
        _refuse_all(bonus, ABOUT_CYCLES, "There are no cycles that this could be about.")
    if not given.has("most_cycles"):
        _refuse_all(bonus, ("beyond",), "Cycles have no limit here.")
    if given.word("carry") == "nothing":
        _refuse_all(bonus, ("carry_most", "carry_expires"), "Nothing is carried here.")


def _refuse_all(bonus: BonusReader, keys: tuple[str, ...], why: str) -> None:
    for key in keys:
        if bonus.given.has(key):
            bonus.refuse(key, why, "Leave it out.")


def _check_times(bonus: BonusReader) -> None:
    """Every step but the last says how often it comes, and the last goes on."""
    steps = bonus.given.tables("cycle", CycleTable)
    for number, step in enumerate(steps, start=1):
        last = number == len(steps)
        if step.has("times") and last:
            _refuse(bonus, step, "times", "The last step goes on without end.", "Leave it out.")
        elif not step.has("times") and not last:
            _refuse(bonus, step, "times", "The steps after this one would never come.",
                    "Write how many cycles of this step come before the next.")  # fmt: skip
    if bonus.given.has("steps") and len(steps) == 1:
        bonus.refuse("steps", "There is only one step.", "Leave it out.")


def _cycle(bonus: BonusReader, step: Given) -> Cycle:
    left_out = tuple(one if isinstance(one, LeftOut) else None for one in bonus.overrides)
    inner = BonusReader(step, left_out, bonus.meaning, bonus.number)
    inner.grade = bonus.grade
    strong, weak = inner.points("strong"), inner.points("weak")
    if strong < weak:
        _refuse(bonus, step, "strong", "The strong leg gives at least as much as the weak one.",
                "Write the larger number for the strong leg.")  # fmt: skip
    pays = inner.rates("pays")
    bonus.has_grades = bonus.has_grades or inner.has_grades
    bonus.is_money = bonus.is_money or pays.is_money
    if step.has("of") and pays.is_money:
        _refuse(bonus, step, "of", "Money is paid, which is of nothing.", "Leave it out.")
    return Cycle(strong, weak, step.number("times"), pays, inner.points("of") or weak)


def _refuse(bonus: BonusReader, step: Given, key: str, problem: str, remedy: str) -> None:
    node = step.value(key)
    place = node.place if node is not None else step.place(key)
    bonus.meaning.mistakes.add(place, step.name(key), problem, remedy)
