"""Draws the keys that kinds of bonus have in common."""

from collections.abc import Sequence
from typing import Any

from tests.oracle.drawing import grades
from tests.oracle.drawing.draft import Draft
from tests.oracle.drawing.requirements import requirements

Table = dict[str, Any]


def maybe(draft: Draft, key: str, words: Sequence[Any], times: int = 2) -> Table:
    """Return a key with one of these words, or nothing."""
    return {key: draft.dice.one_of(words)} if draft.dice.one_in(times) else {}


def of_everybody(draft: Draft, kind: str, name: str) -> Table:
    """Return what every kind has before its own keys."""
    dice = draft.dice
    said: Table = {"name": name, "kind": kind}
    said |= maybe(draft, "paid_to", ["active", "everybody"], 3)
    if dice.one_in(4):
        said["requires"] = requirements(draft, "others")
    if draft.short_cadence and dice.one_in(2):
        said["cadence"] = draft.short_cadence
    elif dice.one_in(8):
        said["cadence"] = draft.plan["cadence"]
    return said


def finish(draft: Draft, said: Table) -> Table:
    """Return a bonus with a cap, and `rates_by` only if something is by grade."""
    rates_by = said.pop("rates_by", None)
    if draft.dice.one_in(2):
        said["cap"] = cap(draft, said["kind"], rates_by)
    is_left_out = rates_by == "paid-as" and draft.dice.one_in(2)
    if rates_by is not None and not is_left_out and is_by_grade(said, rates_by):
        said["rates_by"] = rates_by
    return said


def is_by_grade(said: Table, rates_by: str) -> bool:
    """Return whether a bonus has anything that goes by `rates_by`."""
    tables = [said.get(key) for key in ("rates", "own_group", "pays")]
    tables += [step["pays"] for step in said.get("cycle", [])]
    if rates_by != "seller's paid-as":
        tables.append(said.get("cap", {}).get("per_earner"))
    return any(isinstance(table, dict) for table in tables)


def cap(draft: Draft, kind: str, rates_by: str | None) -> Table:
    """Return a bonus's limits, at least one."""
    dice = draft.dice
    keys = ["per_earner", "per_earner", "per_holder", "total", "total"]
    keys += ["per_buyer"] * 2 if kind in ("unilevel", "fast-start") else []
    said: Table = {}
    for key in dict.fromkeys(dice.some_of(keys, 1, 3)):
        if key == "per_buyer":
            said[key] = [grades.limit(draft) for _ in range(dice.whole(1, 3))]
        elif key == "total":
            said[key] = grades.total(draft)
        elif key == "per_earner" and (rates_by is not None or draft.ranks):
            by = "paid-as" if rates_by in (None, "seller's paid-as") else rates_by
            said[key] = grades.by_grade(draft, by, lambda: grades.limit(draft))
        else:
            said[key] = grades.limit(draft)
    return said


def of_sales(draft: Draft, said: Table) -> Table:
    """Return a bonus on sales with how it is rounded, returned, cut and capped."""
    dice = draft.dice
    said |= maybe(draft, "on_return", ["line", "none"], 3)
    pays = [said[key] for key in ("rates", "own_group", "tiers") if key in said]
    if not any(map(grades.is_money, pays)):
        said |= maybe(draft, "part", ["50%", "70%", "33.3333%", "12.5%"], 6)
        if "guarantee" not in said and said["kind"] != "matching":
            said |= maybe(draft, "round_at", ["line", "bonus", "bonus", "earner", "earner"], 2)
    rates_by = said.get("rates_by", "paid-as")
    said = finish(draft, said)
    if said.get("round_at") == "earner" and "cap" in said:
        if dice.one_in(2):
            return said | {"round_at": "bonus"}
        del said["cap"]
        if not is_by_grade(said, rates_by):
            said.pop("rates_by", None)
    return said
