"""Draws a whole plan."""

from collections.abc import Callable
from typing import Any

from tests.oracle.drawing import on_groups, on_sales
from tests.oracle.drawing.dice import Dice
from tests.oracle.drawing.draft import DECIMALS, UNITS, Draft
from tests.oracle.drawing.markets import draw_cap, draw_deductions, draw_markets
from tests.oracle.drawing.names import BONUSES, rank_names
from tests.oracle.drawing.ranks import draw_active, draw_ranks
from tests.oracle.drawing.volumes import draw_volumes

CADENCES = ("daily", "weekly", "semi-monthly", "four-weekly", "monthly", "quarterly", "yearly")
"""From the shortest rhythm to the longest."""
PLAN_CADENCES = (*CADENCES, *["monthly"] * 9, "weekly", "quarterly")
POINT_VALUES = ("1.00", "0.85", "0.5", "2.5", "0.125", "1.1", "10", "0.333333")
ROUNDINGS = ("half away from zero", "half to even", "toward zero")
KINDS: dict[str, Callable[[Draft, str], dict[str, Any] | None]] = {
    "retail": on_sales.retail,
    "personal": on_sales.personal,
    "unilevel": on_sales.unilevel,
    "fast-start": on_sales.fast_start,
    "differential": on_sales.differential,
    "generation": on_sales.generation,
    "infinity": on_sales.infinity,
    "matching": on_sales.matching,
    "binary": on_groups.binary,
    "full-level": on_groups.full_level,
    "structure": on_groups.structure,
    "pool": on_groups.pool,
    "reward": on_groups.reward,
}
OFTEN = [*KINDS, *("full-level", "structure", *["matching"] * 4, "binary", "infinity")]


def draw_plan(dice: Dice) -> Draft:
    """Return a plan that is drawn, with what the drawing of people and sales must know of it."""
    draft = Draft(dice, at_the_top(dice), unit=dice.one_of(UNITS))
    draft.decimals = DECIMALS[draft.plan["currency"]]
    draft.ranks = rank_names(dice)
    draft.activity_with_ranks = dice.one_in(2)
    draw_trees(draft)
    draw_short_cadence(draft)
    draw_volumes(draft)
    draw_active(draft)
    draw_ranks(draft)
    draw_bonuses(draft)
    draw_cap(draft)
    draw_deductions(draft)
    draw_markets(draft)
    return draft


def at_the_top(dice: Dice) -> dict[str, Any]:
    """Draw the keys at the top."""
    said: dict[str, Any] = {
        "name": "Drawn",
        "currency": dice.one_of(["USD", "USD", "USD", "EUR", "JPY", "KWD"]),
        "cadence": dice.one_of(PLAN_CADENCES),
    }
    if dice.one_in(3):
        said["point_value"] = dice.one_of(POINT_VALUES)
    if dice.one_in(2):
        said["rounding"] = dice.one_of(ROUNDINGS)
    if dice.one_in(2):
        said["late_returns"] = dice.one_of(["leave volume", "deduct volume", "deduct volume"])
    return said


def draw_trees(draft: Draft) -> None:
    """Draw up to four trees; a pass-up tree may be made of one of the others."""
    dice = draft.dice
    said: dict[str, Any] = {}
    for name in dice.some_of(["binary", "matrix", "placement", "up"], 0, 4):
        kinds = (
            ["pass-up"] if name == "up" else [name.replace("placement", "free")] * 4 + ["binary"]
        )
        kind = dice.one_of(kinds)
        said[name] = {"kind": kind}
        if kind == "matrix":
            said[name]["width"] = dice.one_of([1, 1, 1, 2, 2, 3])
        if kind in ("binary", "matrix") and dice.one_in(2):
            said[name]["fill"] = dice.one_of(["given", "breadth-first"])
        if kind == "pass-up":
            said[name]["first"] = dice.one_of([1, 1, 2])
            if dice.one_in(2):
                said[name]["of"] = draft.any_tree()
        draft.trees[name] = kind
    if said:
        draft.plan["tree"] = said


def draw_short_cadence(draft: Draft) -> None:
    """Draw the shorter rhythm that bonuses of the plan may have, if any."""
    shorter = CADENCES[: CADENCES.index(draft.plan["cadence"])]
    if shorter and draft.dice.one_in(3):
        draft.short_cadence = draft.dice.one_of(shorter)


def draw_bonuses(draft: Draft) -> None:
    """Draw two to six bonuses; those that match others mostly come after them."""
    dice = draft.dice
    names = dice.shuffled(BONUSES)[: dice.one_of([2, 3, 4, 4, 5, 6])]
    kinds = [dice.one_of(OFTEN) for _ in names]
    if dice.mostly():
        kinds.sort(key=lambda kind: kind == "matching")
    draft.plan["bonus"] = []
    for name, kind in zip(names, kinds, strict=True):
        drawn = KINDS[kind](draft, name)
        if drawn is not None:
            draft.plan["bonus"].append(drawn)
