"""The names that a plan makes: of ranks, volumes, trees, markets, bonuses and deductions."""

from __future__ import annotations

from commissions.plan import exact
from commissions.plan.bonuses.tables import BonusTable
from commissions.plan.currencies import EXPONENTS
from commissions.plan.given import Given, Text
from commissions.plan.meaning import BonusName, Meaning
from commissions.plan.mistakes import Mistakes
from commissions.plan.models import DeductionTable, RankTable
from commissions.plan.phrases import Names
from commissions.plan.texts import MARKET_CODE
from commissions.plan.trees import tree_names
from commissions.plan.volumes import volume_names

STATE_WORDS = {"lifetime", "past", "rank", "reserve"}
"""Keys of the state begin with these; a bonus's own begin with its name."""


def read_names(given: Given, mistakes: Mistakes) -> Meaning:
    """Return what phrases and keys may name; doubled and unfit names are noted."""
    ranks = [name for table in given.tables("rank", RankTable) if (name := table.text("name"))]
    bonuses = given.tables("bonus", BonusTable)
    pays = [name for table in bonuses if (name := table.text("name"))]
    deductions = given.tables("deduction", DeductionTable)
    pays += [name for table in deductions if (name := table.text("name"))]
    for names in (ranks, pays):
        _refuse_doubles(names, mistakes)
    for name in ranks:
        _check_rank(name, mistakes)
    for name in pays:
        _check_pay(name, mistakes)
    _check_markets(given, mistakes)
    currency = given.text("currency")
    value = given.text("point_value")
    cadence = given.text("cadence")
    return Meaning(
        mistakes,
        Names(
            ranks=list(dict.fromkeys(name.value for name in ranks)),
            volumes=volume_names(given.entries("volume")),
            trees=tree_names(given.entries("tree")),
        ),
        cadence=cadence.value if cadence else "",
        exponent=EXPONENTS.get(currency.value) if currency else None,
        is_worth_one=value is None or _is_one(value.value),
        markets=tuple(given.entries("market")),
        bonuses=tuple(_bonus_name(table, cadence) for table in bonuses),
    )


def _is_one(value: str) -> bool:
    try:
        return exact.point_value(value, 0) == (1, 1)
    except ValueError:
        return True


def _bonus_name(table: Given, cadence: Text | None) -> BonusName:
    name, own, rounds = table.text("name"), table.text("cadence"), table.text("round_at")
    shorter = "" if own is None or (cadence and own.value == cadence.value) else own.value
    return BonusName(name.value if name else "", shorter, rounds.value if rounds else "line")


def _refuse_doubles(names: list[Text], mistakes: Mistakes) -> None:
    seen: dict[str, Text] = {}
    for name in names:
        if name.value in seen:
            line = seen[name.value].place().line
            mistakes.add(
                name.place(), name.path,
                f'"{name.value}" is the name of the one in line {line} already.',
                "Write another name.",
            )  # fmt: skip
        elif name.value:
            seen[name.value] = name


def _check_rank(name: Text, mistakes: Mistakes) -> None:
    if "'" in name.value:
        mistakes.add(name.place(), name.path, "Phrases cannot quote a name with ' in it.",
                     "Write ’ instead.")  # fmt: skip
    elif name.value in {"none", "active"}:
        mistakes.add(name.place(), name.path, f'"{name.value}" is a word of the language.',
                     "Give the rank another name.")  # fmt: skip


def _check_pay(name: Text, mistakes: Mistakes) -> None:
    if name.value in STATE_WORDS or name.value.startswith("Cap on ") or name.value == "Payout cap":
        mistakes.add(
            name.place(), name.path, f'"{name.value}" is what Upline calls something else.',
            "Write another name.",
        )  # fmt: skip


def _check_markets(given: Given, mistakes: Mistakes) -> None:
    for code, entry in given.entries("market").items():
        if not MARKET_CODE.fullmatch(code):
            mistakes.add(entry.place, f"market.{code}", f'"{code}" is no code of a market.',
                         'Write capital letters and digits, like "JP".')  # fmt: skip
