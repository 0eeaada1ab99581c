"""Draws what a period before the first one has left."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.oracle.days import start_before
from tests.oracle.drawing.case import Person
from tests.oracle.drawing.draft import Draft, points_text

Row = tuple[str, str, str]


def draw_state(draft: Draft, people: list[Person], start: date) -> list[Row]:
    """Draw rows for about half of the distributors, and for somebody who is not there."""
    dice = draft.dice
    ids = [person.id for person in people if not person.is_customer and dice.one_in(2)]
    if dice.one_in(3):
        ids.append("gone")
    rows = [row for id in ids for row in state_of(draft, id, start)]
    return dice.shuffled(rows)


def state_of(draft: Draft, id: str, start: date) -> Iterator[Row]:
    for key, value in of_volumes(draft, start):
        yield id, key, value
    for key, value in of_ranks(draft, start):
        yield id, key, value
    for bonus in draft.plan["bonus"]:
        if bonus.get("cadence", draft.plan["cadence"]) == draft.plan["cadence"]:
            for key, value in of_bonus(draft, bonus, start):
                yield id, f"{bonus['name']}.{key}", value


def labels(draft: Draft, start: date, number: int) -> list[str]:
    """Return the first days of so many periods before."""
    found: list[date] = []
    for _ in range(number):
        found.append(start_before(found[-1] if found else start, draft.plan["cadence"]))
    return [str(day) for day in found]


def of_volumes(draft: Draft, start: date) -> Iterator[tuple[str, str]]:
    dice = draft.dice
    for volume in draft.volumes:
        said = draft.plan.get("volume", {}).get(volume.name)
        if dice.one_in(2):
            yield f"lifetime.{volume.name}", points(draft, 2 * volume.size)
        for label in labels(draft, start, 3):
            if dice.one_in(2):
                yield f"past.{volume.name}@{label}", points(draft, volume.size)
        if isinstance(said, dict) and "draws_to" in said and dice.mostly(3):
            yield f"reserve.{volume.name}", points(draft, 1)


def points(draft: Draft, size: int) -> str:
    """Return points about so many units; never nothing."""
    dice = draft.dice
    known = [each for each in sorted(draft.thresholds) if each > 0]
    if known and dice.one_in(3):
        return points_text(dice.one_of(known))
    units = Fraction(dice.one_of(["0.01", "0.5", "1", "1", "2", "3.33"]))
    return points_text(Fraction(int(units * size * draft.unit * 100), 100) or Fraction(1, 100))


def of_ranks(draft: Draft, start: date) -> Iterator[tuple[str, str]]:
    dice = draft.dice
    if not draft.ranks or dice.one_in(4):
        return
    title = dice.whole(0, len(draft.ranks) - 1)
    for key in ("paid_as", "title", "highest"):
        if dice.mostly():
            at = title if key == "title" else dice.whole(0, len(draft.ranks) - 1)
            yield f"rank.{key}", draft.ranks[at]
    if dice.one_in(2):
        yield "rank.grace", str(dice.whole(1, 2))
    if dice.one_in(2):
        yield "rank.held", str(dice.whole(1, 4))
    for label in labels(draft, start, 3):
        if dice.one_in(2):
            yield f"rank.qualified@{label}", dice.one_of(draft.ranks)


def of_bonus(draft: Draft, bonus: dict[str, object], start: date) -> Iterator[tuple[str, str]]:
    dice = draft.dice
    if bonus["kind"] == "binary":
        for leg in ("left", "right"):
            sign = dice.one_of(["", "", "", "", "-"])
            for label in labels(draft, start, 3):
                if dice.one_in(2):
                    yield f"{leg}@{label}", sign + points(draft, 1)
        if bonus.get("steps") == "for good" and dice.one_in(2):
            yield "cycles", str(dice.whole(1, 4))
    elif bonus.get("once") and dice.one_in(3):
        yield "level", str(dice.whole(1, 3))
    elif bonus.get("when") == "once" and draft.ranks and dice.one_in(2):
        yield "rank", str(dice.whole(1, len(draft.ranks)))
