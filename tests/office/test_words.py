"""Words for any plan: every reason has some, every requirement is said, every level is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from commissions.engine.plan import Plan
from commissions.engine.reasons import CODES, Outcome
from commissions.plan import read_plan, requirement_progress
from office.selectors.needs import needs
from office.selectors.volumes import team_volumes, volumes_of
from office.words.asking import asked
from office.words.bonuses import PayWords
from office.words.reasons import OTHER, REASONS, words_of

PLANS = sorted((Path(__file__).parents[2] / "plans").glob("*.toml"))
RICH = """
name     = "Rich"
currency = "USD"
cadence  = "monthly"

[tree.two]
kind = "binary"

[volume]
OWN  = "pv of own orders"
LAST = "PV of the last 3 periods"

[[rank]]
name    = "Bronze"
require = ["PV >= 100"]

[[rank]]
name    = "Silver"
require = [
  "OWN >= 50% of PV",
  "lifetime PV >= 1000",
  "GV >= 2000, at most 60% of it from one leg or oneself",
  "frontline with Bronze and PV >= 50 are at least 2",
  "enrolled with active in the left leg of two are at least 1",
  "downline within 3 levels with title Bronze are at least 4",
  "legs with Bronze in two are at least 1",
  "months since joining < 12",
  "was Bronze",
  "Bronze in 2 of the 3 periods before",
]
"""


def test_every_reason_of_the_engine_has_words() -> None:
    for outcome in Outcome:
        assert words_of(CODES[outcome]) is not OTHER, outcome
    assert REASONS.keys() <= set(CODES.values())


def test_a_reason_that_is_new_has_general_words() -> None:
    assert words_of("brand new") is OTHER


def test_requirements_are_said_in_words() -> None:
    plan = read_plan(RICH)
    steps = requirement_progress(plan, [0] * len(plan.figures), active=False)

    assert [asked(plan, step) for step in steps if step.rank == 2] == [
        "OWN, as a part of PV",
        "lifetime PV",
        "GV, at most 1,200 from one leg or oneself",
        "Directly below you: Bronze or higher and at least 50 PV",
        "Introduced, in your left leg: active",
        "On your first 3 levels: title Bronze or higher",
        "Legs in two with: Bronze or higher",
        "Months since joining",
        "Paid as Bronze or higher in the period before",
        "Periods as Bronze or higher, of the last 3",
    ]


def test_what_must_stay_below_has_nothing_to_fill() -> None:
    plan = read_plan(RICH)
    figures = [13 if figure.name == "months since joining" else 0 for figure in plan.figures]
    steps = requirement_progress(plan, figures, active=False)

    (joined,) = [one for one in needs(plan, steps) if one.words == "Months since joining"]

    assert (joined.is_below, joined.is_met, joined.have, joined.need) == (True, False, "13", "12")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_plan_of_the_gallery_has_words(path: Path) -> None:
    plan = read_plan(path.read_text(encoding="utf-8"))

    shown = [one.name for one in volumes_of(plan)]
    assert shown[0] == plan.figures[plan.volume_order[0]].name
    assert 1 <= len(team_volumes(plan)) <= 2
    for place, pay in enumerate(plan.pays):
        words = PayWords(plan, place)
        assert words.name == pay.name
        assert words.level(1) or words.rule is None
        assert words.rule is not None or words.note
    for step in requirement_progress(plan, [0] * len(plan.figures), active=False):
        said = asked(plan, step)
        assert said
        assert ">=" not in said, step


@pytest.mark.parametrize(
    ("name", "volumes"),
    [
        ("evergreen", ["PV", "CV", "GV"]),
        ("generation", ["PV", "CV", "PG"]),
        ("party", ["PV", "CV", "SALES"]),
        ("pool", ["PV", "CV", "GV", "GROWTH", "POINTS"]),
        ("affiliate", ["PV", "CV", "NEW"]),
    ],
)
def test_volumes_are_those_that_the_plan_makes_something_of(name: str, volumes: list[str]) -> None:
    assert {one.name for one in volumes_of(gallery(name))} == set(volumes)


def gallery(name: str) -> Plan:
    """Return a plan of the gallery."""
    (path,) = [path for path in PLANS if path.stem == name]
    return read_plan(path.read_text(encoding="utf-8"))
