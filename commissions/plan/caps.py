"""Limits: those of a bonus and those of the plan."""

from __future__ import annotations

from collections.abc import Sequence

from commissions.engine.plan import ByMarket, Cap, GradeBy, PlanCap
from commissions.plan import exact
from commissions.plan.given import Given, Text
from commissions.plan.meaning import Meaning
from commissions.plan.mistakes import closest, one_of
from commissions.plan.phrases import said
from commissions.plan.rates import LEFT_OUT, Grade, RatesReader, Table, amount_of
from commissions.plan.toml import Node


def bonus_cap(
    given: Given | None, instead: Sequence[Given | None], grade: Grade, meaning: Meaning
) -> tuple[Cap | None, bool]:
    """Return a bonus's limits, None if it has none, and whether they go by the bonus's grade.

    `instead` has what each market says.
    """
    if given is None and not any(instead):
        return None, False
    if given is not None and not given.node.value:
        meaning.mistakes.add(given.node.place, given.path, "There is nothing in it.",
                             "Write a limit, or leave the cap out.")  # fmt: skip
    reader = RatesReader(meaning, Grade() if grade.by == GradeBy.SELLER else grade)
    own = _table(given)
    tables = [own, *(own if one is None else _table(one) for one in instead)]
    per_earner = None
    if any(isinstance(node, Node) for node, _ in tables):
        per_earner = reader.read(tables)
    by_grade = reader.has_grades and grade.by != GradeBy.SELLER
    if given is None:
        return Cap(per_earner), by_grade
    total, total_of = limit_of(given.text("total"), meaning)
    holder, buyers = given.value("per_holder"), given.value("per_buyer")
    cap = Cap(
        per_earner=per_earner,
        per_holder=None if holder is None else _amount(holder, given.name("per_holder"), meaning),
        per_buyer=tuple(
            _amount(item, given.name("per_buyer"), meaning)
            for item in (buyers.value if buyers is not None and _is_list(buyers) else [])
        ),
        total=total,
        total_of=total_of,
    )
    return cap, by_grade


def _table(given: Given | None) -> Table:
    node = given.value("per_earner") if given is not None else None
    return (LEFT_OUT, "") if given is None or node is None else (node, given.name("per_earner"))


def _is_list(node: Node) -> bool:
    return isinstance(node.value, list)


def _amount(node: Node, path: str, meaning: Meaning) -> int:
    return amount_of(node, path, meaning) if isinstance(node.value, str) else 0


def limit_of(text: Text | None, meaning: Meaning) -> tuple[int | None, int]:
    """Return a limit and the figure that it is a part of: an amount and -1, or millionths."""
    if text is None:
        return None, -1
    if exact.is_decimal(text.value):
        return amount_of(text.node, text.path, meaning), -1
    phrase: said.ShareOf | None = meaning.phrase("share_of", text)
    return share_of(phrase, text, meaning)


def share_of(phrase: said.ShareOf | None, text: Text, meaning: Meaning) -> tuple[int, int]:
    """Return parts per million and the place of the volume that they are of."""
    if phrase is None:
        return 0, 0
    ppm, index = meaning.rate(phrase.share, text), meaning.volumes.get(phrase.volume.text)
    return ppm or 0, index or 0


def plan_cap(
    given: Given | None, instead: Sequence[Given | None], meaning: Meaning
) -> PlanCap | None:
    """Return the plan's limits; None if it has none."""
    if given is None and not any(instead):
        return None
    everybody = tuple(range(len(meaning.bonuses)))
    own = _per_earner(given, meaning)
    per_earner: ByMarket[int | None] = (
        own, *(own if one is None else _per_earner(one, meaning) for one in instead)
    )  # fmt: skip
    if given is None:
        return PlanCap(everybody, per_earner)
    if not any(given.has(key) for key in ("per_earner", "per_holder", "payout")):
        meaning.mistakes.add(given.node.place, given.path, "This limits nothing.",
                             'Write "per_earner", "per_holder" or "payout".')  # fmt: skip
    holder = given.value("per_holder")
    payout, payout_of = limit_of(given.text("payout"), meaning)
    return PlanCap(
        inside=_inside(given, meaning) if given.has("inside") else everybody,
        per_earner=per_earner,
        per_holder=None if holder is None else _amount(holder, given.name("per_holder"), meaning),
        payout=payout,
        payout_of=payout_of,
    )


def _per_earner(given: Given | None, meaning: Meaning) -> int | None:
    node = given.value("per_earner") if given is not None else None
    if given is None or node is None:
        return None
    return _amount(node, given.name("per_earner"), meaning)


def _inside(given: Given, meaning: Meaning) -> tuple[int, ...]:
    names = [bonus.name for bonus in meaning.bonuses]
    found: list[int] = []
    for text in given.texts("inside"):
        if text.value not in names:
            meaning.mistakes.add(
                text.place(), text.path, f'There is no bonus "{text.value}".',
                f"Write {one_of(names)}." if names else "Add a [[bonus]] first.",
                closest(text.value, names),
            )  # fmt: skip
        elif names.index(text.value) in found:
            meaning.mistakes.add(text.place(), text.path, f'"{text.value}" stands here twice.',
                                 "Write it once.")  # fmt: skip
        else:
            found.append(names.index(text.value))
    return tuple(sorted(found))
