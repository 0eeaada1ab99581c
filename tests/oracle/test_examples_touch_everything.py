"""No key and no option of the language is without an example in `examples/`.

What `on_return` takes back needs an earlier run: it is in test_late_returns.py.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.phrases import Count, Group, OverTime, single
from tests.oracle.reading import read_plan

FILES = sorted((Path(__file__).parent / "examples").glob("*.toml"))
COMPRESSIONS = ("none", "inactive", "dynamic")

TOP = {
    "cadence": "daily weekly four-weekly semi-monthly monthly quarterly yearly".split(),
    "point_value": [],
    "rounding": ["half away from zero", "half to even", "toward zero"],
    "late_returns": ["leave volume", "deduct volume"],
}
TREE = {
    "kind": ["binary", "matrix", "free", "pass-up"],
    "width": [],
    "fill": ["breadth-first"],
    "of": [],
    "first": [],
}
WEIGHTED = {
    "of": ["people"],
    "self": [],
    "levels": [],
    "who": [],
    "compression": ["none", "dynamic"],
}
RESERVE: dict[str, list[Any]] = {"at_once": [], "most": [], "draws_to": []}
RANKS = {
    "paid_as": ["title"],
    "grace": [],
    "title": ["window"],
    "met": [],
    "of": [],
    "falls": ["one step", "to qualified"],
}
EVERY_BONUS = {
    "paid_to": ["everybody"],
    "requires": [],
    "round_at": ["bonus", "earner"],
    "on_return": ["none"],
    "cadence": ["weekly", "daily"],
    "part": [],
}
TIERS = {
    "rates": [],
    "tiers": [],
    "tiers_by": ["sale", "buyer"],
    "tier_mode": ["whole", "marginal"],
}
KINDS: dict[str, dict[str, list[Any]]] = {
    "unilevel": {
        "tree": [],
        "compression": list(COMPRESSIONS),
        "levels": ["of the tree"],
        "rates_by": ["title", "highest", "seller's paid-as", "GV"],
        "owner": ["is left out"],
        "stop_at": [],
    },
    "fast-start": {
        "tree": [],
        "compression": ["inactive"],
        "owner": ["is left out"],
        "within": ["60 days", "3 months", "first order"],
    },
    "retail": TIERS,
    "personal": TIERS | {"tiers_by": ["earner"], "tier_mode": ["marginal"], "tiers_from": []},
    "differential": {
        "tree": [],
        "rates_by": [],
        "buyer": ["is paid", "counts", "is left out"],
        "from_level": [],
        "lower_levels": ["do not count"],
        "unqualified": ["pass up", "block"],
        "breakaway": [],
    },
    "generation": {
        "tree": [],
        "leaders": ["rank of the earner"],
        "leader_sales": ["group above"],
        "rates_by": ["title"],
        "own_group": [],
        "compression": list(COMPRESSIONS),
        "less_leader": [True],
        "minimum": [],
        "guarantee": [],
    },
    "infinity": {
        "counted_in": ["generations"],
        "from": [],
        "leaders": [],
        "leader_sales": ["group above"],
        "compression": ["inactive", "dynamic"],
        "blocking": ["first"],
    },
    "matching": {
        "of": [],
        "compression": ["inactive", "dynamic"],
        "counted_in": ["generations"],
        "leaders": ["rank of the earner"],
        "leader_sales": ["group above"],
    },
    "binary": {
        "own_volume": ["weaker", "left", "right"],
        "rates": [],
        "ratio": [True],
        "cycle": [],
        "steps": ["for good"],
        "most_cycles": [],
        "beyond": ["stay", "are used up"],
        "carry": ["both legs", "weaker leg", "nothing"],
        "carry_most": [],
        "carry_expires": [],
        "while_unqualified": ["carry", "add nothing", "lose stronger", "lose both", "use up"],
    },
    "full-level": {"counted": [], "rates": [], "once": [True]},
    "structure": {
        "tree": [],
        "width": [],
        "person": [],
        "head": [],
        "paid": ["each"],
        "sets": [True],
    },
    "pool": {"fund": [], "shares": ["equal"], "places": [], "rest": ["kept"]},
    "reward": {
        "pays": [],
        "when": ["once"],
        "rates_by": [],
        "for_each": [],
        "within": ["60 days", "3 months"],
        "tree": [],
    },
}
CYCLE: dict[str, list[Any]] = {"strong": [], "weak": [], "times": [], "pays": [], "of": []}
BONUS_CAP: dict[str, list[Any]] = {"per_earner": [], "per_holder": [], "per_buyer": [], "total": []}
CAP: dict[str, list[Any]] = {"per_earner": [], "per_holder": [], "payout": [], "inside": []}
MARKET: dict[str, list[Any]] = {"leave_out": [], "active": [], "rank": [], "bonus": [], "cap": []}
MARKET_BONUS: dict[str, list[Any]] = {
    key: [] for key in ("requires", "rates", "own_group", "tiers", "pays", "cap")
}
SCOPES = [
    "self and downline",
    "downline",
    "self and frontline",
    "frontline",
    "levels",
    "the largest leg",
    "all but the largest leg",
    "the left leg",
    "the right leg",
    "the weaker leg",
    "the stronger leg",
]
ASKED = "IsActive AtLeast AtLeastShare LegLimit Count HasRank HasTitle WasRank RankBefore Joined"


def plans() -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES]


def tables(where: str) -> Iterator[dict[str, Any]]:
    """Yield the tables of all examples' plans that stand somewhere: `bonus binary`, `tree`, ..."""
    place, _, kind = where.partition(" ")
    for plan in plans():
        bonuses = plan.get("bonus", [])
        markets = list(plan.get("market", {}).values())
        yield from {
            "top": [plan],
            "tree": list(plan.get("tree", {}).values()),
            "volume": [each for each in plan.get("volume", {}).values() if isinstance(each, dict)],
            "ranks": [plan.get("ranks", {})],
            "bonus": [each for each in bonuses if not kind or each["kind"] == kind],
            "cycle": [step for each in bonuses for step in each.get("cycle", [])],
            "bonus cap": [each.get("cap", {}) for each in bonuses],
            "cap": [plan.get("cap", {})],
            "market": markets,
            "market bonus": [each for said in markets for each in said.get("bonus", {}).values()],
        }[where if where in ("bonus cap", "market bonus") else place]


ALL = {
    "top": TOP,
    "tree": TREE,
    "volume": WEIGHTED | RESERVE | {"of": ["people", "PV"]},
    "ranks": RANKS,
    "bonus": EVERY_BONUS,
    "cycle": CYCLE,
    "bonus cap": BONUS_CAP,
    "cap": CAP,
    "market": MARKET,
    "market bonus": MARKET_BONUS,
    **{f"bonus {kind}": keys for kind, keys in KINDS.items()},
}


@pytest.mark.parametrize("where", ALL)
def test_every_key_and_option_is_in_some_example(where: str) -> None:
    found = [(key, said) for table in tables(where) for key, said in table.items()]

    wanted = [(key, option) for key, options in ALL[where].items() for option in options]
    keys = {key for key, _ in found}
    assert [key for key in ALL[where] if key not in keys] == []
    assert [each for each in wanted if each not in found] == []


def test_every_scope_of_a_group_volume_is_in_some_example() -> None:
    volumes = [each for plan in read_all() for each in plan.volumes.values()]

    groups = [each for each in volumes if isinstance(each, Group)]
    scopes = {group.scope for group in groups}
    assert [scope for scope in SCOPES if scope not in scopes] == []
    assert len({group.scope for group in groups if group.without}) == 4
    assert {each.how for each in volumes if isinstance(each, OverTime)} == {
        "lifetime",
        "last",
        "before",
        "growth",
    }


def test_every_form_of_requirement_is_in_some_example() -> None:
    asked = [each for plan in read_all() for each in plan.requirements()]

    phrases = [phrase for requirement in asked for phrase in single(requirement)]
    forms = {type(phrase).__name__ for phrase in phrases}
    assert [form for form in ASKED.split() if form not in forms] == []
    people = [phrase.people for phrase in phrases if isinstance(phrase, Count)]
    assert {each.whom for each in people} == {
        "customers",
        "frontline",
        "enrolled",
        "downline",
        "legs",
    }


def read_all() -> list[Any]:
    return [read_plan(file.read_text(encoding="utf-8")) for file in FILES]
