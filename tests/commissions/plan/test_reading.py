"""Plans that are right, and what they become."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine.money import Rounding
from commissions.engine.plan import (
    Asks,
    Column,
    Compression,
    Do,
    GroupVolume,
    Orders,
    PersonalVolume,
    UnilevelRule,
)
from commissions.plan import PlanError, plan_schema, read_plan, requirement_progress
from commissions.plan.lint import WHOLE_PPM
from commissions.plan.mistakes import Mistakes
from commissions.plan.toml import read_toml

PLANS = Path(__file__).parents[3] / "plans"
SMALL = 'name = "x"\ncurrency = "USD"\ncadence = "monthly"\n'
BONUS = '[[bonus]]\nname = "U"\nkind = "unilevel"\ntree = "sponsor"\npays_on = "CV"\n'


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.toml")), ids=lambda path: path.stem)
def test_gallery_plan_can_be_read_and_pays_less_than_45_per_cent(path: Path) -> None:
    plan = read_plan(path.read_text())

    assert plan.bonuses
    worst = 0
    for rule in plan.bonuses:
        assert isinstance(rule, UnilevelRule)
        worst += sum(max(0, *level) for level in zip(*rule.rates_ppm, strict=True))
    assert worst <= WHOLE_PPM * 45 // 100


def test_gallery_plan_wants_customers_for_every_rank() -> None:
    plan = read_plan((PLANS / "evergreen.toml").read_text())

    for rank in plan.ranks:
        assert Asks.CUSTOMERS in {requirement.asks for requirement in rank.require}


def test_a_plan_becomes_integers() -> None:
    plan = read_plan(
        SMALL
        + 'point_value = "0.85"\nrounding = "toward zero"\n'
        + '[volume]\nCV = "cv of customers\' orders"\nGV = "CV of self and downline"\n'
        + '[active]\nrequire = ["PV >= 40.5"]\n'
        + '[[rank]]\nname = "A"\nrequire = ["customers with CV >= 7 are at least 3"]\n'
        + BONUS
        + 'compression = "dynamic"\nrates = { A = ["2.5%", "0.0001%"] }\n'
    )

    assert (plan.point_num, plan.point_den, plan.exponent) == (85, 1, 2)
    assert plan.rounding == Rounding.TOWARD_ZERO
    assert plan.volumes == (
        PersonalVolume("PV", Column.PV, Orders.BOTH),
        PersonalVolume("CV", Column.CV, Orders.CUSTOMERS),
        GroupVolume("GV", 1),
    )
    assert plan.active[0].need == 4050
    assert (plan.counts[0].volume, plan.counts[0].at_least) == (1, 700)
    assert plan.bonuses == (UnilevelRule("U", 1, Compression.DYNAMIC, ((-1, -1), (25_000, 1))),)
    assert plan.amount_of(25_000) == (17, 800)


def test_steps_respect_what_needs_what() -> None:
    plan = read_plan(SMALL + '[active]\nrequire = ["GV >= 5"]\n' + BONUS
                     + 'compression = "none"\nrates = ["5%"]\n')  # fmt: skip

    kinds = [step.do for step in plan.steps]
    assert kinds == [Do.VOLUME, Do.VOLUME, Do.VOLUME, Do.ACTIVE, Do.RANKS, Do.BONUS]


def test_requirements_that_count_the_same_are_counted_once() -> None:
    plan = read_plan(
        SMALL
        + '[[rank]]\nname = "A"\nrequire = ["customers with PV >= 40 are at least 3"]\n'
        + '[[rank]]\nname = "B"\nrequire = ["customers with PV >= 40.00 are at least 5"]\n'
    )

    assert len(plan.counts) == 1
    assert [rank.require[0].need for rank in plan.ranks] == [3, 5]


def test_progress_tells_what_is_missing() -> None:
    plan = read_plan(
        SMALL
        + '[active]\nrequire = ["PV >= 100"]\n[[rank]]\nname = "A"\n'
        + 'require = ["active", "customers with PV >= 40 are at least 3", "GV >= 500"]\n'
    )

    progress = requirement_progress(plan, {"PV": 8000, "CV": 0, "GV": 60000}, [1], active=False)

    assert [(p.rank, p.phrase, p.have, p.need, p.missing) for p in progress] == [
        (0, "PV >= 100", 8000, 10000, 2000),
        (1, "active", 0, 1, 1),
        (1, "customers with PV >= 40 are at least 3", 1, 3, 2),
        (1, "GV >= 500", 60000, 50000, 0),
    ]
    assert [p.is_volume for p in progress] == [True, False, False, True]
    assert progress[3].is_met


def test_schema_names_every_key_of_a_bonus() -> None:
    schema = plan_schema()

    kinds = schema["properties"]["bonus"]["items"]["oneOf"]
    assert set(kinds[0]["properties"]) == {
        "name", "kind", "tree", "pays_on", "compression", "rates",
    }  # fmt: skip
    assert json.loads(json.dumps(schema)) == schema


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
values = st.recursive(
    texts | st.integers(-9, 10**6) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {as_toml(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@given(st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,5}", fullmatch=True), values))
def test_what_toml_says_is_read_as_toml_reads_it(document: dict[str, object]) -> None:
    text = "".join(f"{key} = {as_toml(value)}\n" for key, value in document.items())
    mistakes = Mistakes()

    root = read_toml(text, mistakes)

    assert mistakes.found == []
    assert root.plain_data() == tomllib.loads(text)


@given(st.text("[]{}=\"'#.,\n ab1%-\\", max_size=60))
def test_no_text_makes_the_reader_fail_and_nothing_passes_that_is_not_toml(text: str) -> None:
    mistakes = Mistakes()

    root = read_toml(text, mistakes)

    if not mistakes.found:
        assert root.plain_data() == tomllib.loads(text)
    else:
        lines = text.split("\n")
        assert all(1 <= one.line <= len(lines) for one in mistakes.found)


@given(st.text("[]{}=\"'# .,\nbonusrakactivequPVG>05%", max_size=80))
def test_no_text_is_read_as_a_plan_by_accident(text: str) -> None:
    with pytest.raises(PlanError):
        read_plan(text)


def test_reading_a_plan_loads_no_compiler() -> None:
    code = (
        "import sys; from commissions.plan import read_plan, requirement_progress;"
        "from commissions.engine import ENGINE_VERSION, Plan;"
        "print([name for name in ('numba', 'numpy', 'django') if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PLANS.parent, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_the_schema_in_the_documentation_is_the_reader_s() -> None:
    path = PLANS.parent / "docs" / "plan.schema.json"

    assert json.loads(path.read_text()) == plan_schema(), "write it again: see plan_schema"
