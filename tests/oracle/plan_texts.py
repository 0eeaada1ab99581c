"""Random plans, as a plan owner would write them, over the whole language."""

import tomllib
from collections.abc import Sequence
from random import Random

RANKS = ("Bronze", "Silver", "Gold", "Platinum")
POINTS = ("0.01", "0.02", "0.10", "0.30", "1", "5", "10", "40.50")
POINT_VALUES = (None, None, None, None, "0.85", "0.5", "2", "100", "0.005", "0.000125")
ROUNDINGS = (None, "half away from zero", "half to even", "toward zero")
ORDERS = ("own", "customers'", *3 * ("own and customers'",))
COMPRESSIONS = ("none", "inactive", "dynamic")
RATES = ("5%", "10%", "5%", "0.5%", "2.5%", "12.5%", "10%", "3.3333%", "0.0001%", "0%")
RATES_ALONE = ("50%", "33.3333%", "100%")
"""For the only level of the only bonus: more of them would be more than 100 % of a sale."""


def draw_plan_text(dice: Random) -> str:
    volumes = draw_volumes(dice)
    phrases = phrases_about(volumes)
    ranks = RANKS[: dice.randint(0, len(RANKS))]
    lines = ['name = "Drawn"', 'cadence = "monthly"']
    lines += [f'currency = "{dice.choice(["USD", "JPY", "KWD"])}"']
    lines += [*line("point_value", dice.choice(POINT_VALUES))]
    lines += [*line("rounding", dice.choice(ROUNDINGS))]
    lines += ["[volume]"]
    for name, phrase in volumes.items():
        lines += line(name, phrase)
    if dice.randint(0, 1):
        lines += ["[active]", f"require = {draw_requirements(dice, phrases)}"]
    for rank in ranks:
        require = draw_requirements(dice, [*phrases, *4 * ["active"]])
        lines += ["[[rank]]", f'name = "{rank}"', f"require = {require}"]
    return "\n".join([*lines, *draw_bonuses(dice, ranks), ""])


def rank_names(plan_text: str) -> list[str]:
    return [rank["name"] for rank in tomllib.loads(plan_text).get("rank", [])]


def line(key: str, value: str | None) -> list[str]:
    """Return a line of the plan, or none: the key is left out."""
    return [] if value is None else [f'{key} = "{value}"']


def quoted(texts: Sequence[str]) -> str:
    """
    >>> quoted(["5%", "3%"])
    '["5%", "3%"]'
    """
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


def draw_volumes(dice: Random) -> dict[str, str | None]:
    """Draw what the plan says of each volume; nothing, quite often."""
    volumes: dict[str, str | None] = {
        name: f"{dice.choice(['pv', 'cv'])} of {dice.choice(ORDERS)} orders"
        for name in ("PV", "CV")
    }
    volumes["GV"] = f"{dice.choice(['PV', 'CV'])} of self and downline"
    return {name: dice.choice([None, phrase]) for name, phrase in volumes.items()}


def phrases_about(volumes: dict[str, str | None]) -> list[str]:
    """Return phrases to draw from; customers can be asked about where their orders are in."""
    with_customers = [
        name for name in ("PV", "CV") if "customers'" in (volumes[name] or "customers'")
    ]
    return [f"{name} >= {points}" for name in ("PV", "CV", "GV", "GV") for points in POINTS] + [
        f"customers with {name} >= {points} are at least {number}"
        for name in with_customers
        for points in POINTS
        for number in (1, 2)
    ]


def draw_requirements(dice: Random, phrases: Sequence[str]) -> str:
    number = dice.choice([1, 1, 1, 1, 1, 2, 3])
    return quoted(dice.sample(phrases, number))


def draw_bonuses(dice: Random, ranks: Sequence[str]) -> list[str]:
    """Draw one or two bonuses, with rates for everybody or for some of the ranks."""
    names = ("Unilevel", "Second")[: dice.randint(1, 2)]
    alone = len(names) == 1 and dice.randint(0, 3) == 3
    lines = []
    for name in names:
        rates = draw_rates(dice, alone=alone)
        if ranks and dice.randint(0, 2):
            named = dice.sample(ranks, dice.randint(1, len(ranks)))
            by_rank = [f"{rank} = {draw_rates(dice, alone=alone)}" for rank in named]
            rates = "{ " + ", ".join(by_rank) + " }"
        lines += ["[[bonus]]", *line("name", name), *line("kind", "unilevel")]
        lines += [*line("tree", "sponsor"), *line("pays_on", dice.choice(["PV", "CV"]))]
        lines += [*line("compression", dice.choice(COMPRESSIONS)), f"rates = {rates}"]
    return lines


def draw_rates(dice: Random, *, alone: bool) -> str:
    """Draw the rates of one to four levels; four of the highest, twice, are 100 % of a sale."""
    if alone:
        return quoted([dice.choice(RATES_ALONE)])
    return quoted([dice.choice(RATES) for _ in range(dice.randint(1, 4))])
