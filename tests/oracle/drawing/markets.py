"""Draws `[market.XX]`, the plan's own limits, and deductions."""

from typing import Any

from tests.oracle.drawing import grades
from tests.oracle.drawing.draft import RATES, Draft
from tests.oracle.drawing.names import DEDUCTIONS, MARKETS
from tests.oracle.drawing.on_sales import tiers
from tests.oracle.drawing.requirements import requirements

Table = dict[str, Any]


def draw_cap(draft: Draft) -> None:
    dice = draft.dice
    if dice.mostly(4):
        return
    said: Table = {}
    for key in dice.some_of(["per_earner", "per_holder", "payout"], 1, 2):
        said[key] = grades.total(draft) if key == "payout" else grades.limit(draft)
    if draft.plan["bonus"] and dice.one_in(3):
        said["inside"] = dice.some_of([each["name"] for each in draft.plan["bonus"]])
    draft.plan["cap"] = said


def draw_deductions(draft: Draft) -> None:
    dice = draft.dice
    if dice.one_in(5):
        names = dice.some_of(DEDUCTIONS, 1, 2)
        draft.plan["deduction"] = [
            {"name": name, "rate": dice.one_of(RATES).replace(" ", "")} for name in names
        ]


def draw_markets(draft: Draft) -> None:
    dice = draft.dice
    if dice.one_in(3):
        codes = dice.some_of(MARKETS, 1, 2)
        markets = {code: market(draft) for code in codes}
        draft.plan["market"] = {code: said for code, said in markets.items() if said}


def market(draft: Draft) -> Table:
    """Draw what is different in a market: at most a few things."""
    dice = draft.dice
    said: Table = {}
    names = [each["name"] for each in draft.plan["bonus"]]
    left_out = dice.some_of(names, 1, 1) if names and dice.one_in(4) else []
    if left_out:
        said["leave_out"] = left_out
    if dice.one_in(3):
        said["active"] = {"require": requirements(draft, "active", 1)}
    ranks = {name: of_rank(draft) for name in draft.ranks if dice.one_in(4)}
    if ranks:
        said["rank"] = ranks
    bonuses = {
        bonus["name"]: of_bonus(draft, bonus)
        for bonus in draft.plan["bonus"]
        if bonus["name"] not in left_out and dice.one_in(2)
    }
    if bonuses := {name: each for name, each in bonuses.items() if each}:
        said["bonus"] = bonuses
    if dice.one_in(6):
        said["cap"] = {"per_earner": grades.limit(draft)}
    return said


def of_rank(draft: Draft) -> Table:
    keys = draft.dice.some_of(["require", "maintain"], 1, 2)
    return {key: requirements(draft, "ranks", 1) for key in keys}


def of_bonus(draft: Draft, bonus: Table) -> Table:
    """Draw what a market says of a bonus: the same kind of thing as the plan does."""
    dice = draft.dice
    rates_by = bonus.get("rates_by", "paid-as")
    said: Table = {}
    if dice.one_in(4):
        said["requires"] = requirements(draft, "others", 1) if dice.mostly() else []
    for key in ("rates", "own_group", "pays"):
        if key in bonus and dice.mostly(5):
            said[key] = instead(draft, rates_by, bonus[key])
    if bonus["kind"] == "reward" and bonus.get("when") == "once":
        said.pop("pays", None)
    if "tiers" in bonus and dice.one_in(2):
        first = next(iter(bonus["tiers"].values()))
        said["tiers"] = tiers(draft, lambda: like(draft, first), len(bonus["tiers"]))
    if dice.one_in(5) and bonus.get("round_at") != "earner":
        said["cap"] = {"per_earner": grades.limit(draft)}
    return said


def instead(draft: Draft, rates_by: str, said: Any) -> Any:
    """Return another table of the same form, with other rates or amounts, by the same grade."""
    if isinstance(said, dict) and rates_by == "seller's paid-as":
        return {rank: other(draft, each) for rank, each in said.items()}
    if isinstance(said, dict):
        entry = next(each for each in said.values() if each != [])
        return grades.by_grade(draft, rates_by, lambda: other(draft, entry))
    return other(draft, said)


def other(draft: Draft, said: Any) -> Any:
    if isinstance(said, list):
        return [like(draft, said[0]) for _ in range(draft.dice.whole(1, 3))] if said else []
    return like(draft, said)


def like(draft: Draft, said: str) -> str:
    """Return another rate, or another amount."""
    return draft.rate() if "%" in said else grades.sale_money(draft)
