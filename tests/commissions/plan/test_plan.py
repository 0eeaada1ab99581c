"""The plan as a whole: what stands at its top, names of lines, examples, the schema, the time."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commissions.engine.plan import Deduction, Keeping, Pay, PayKind, Plan
from commissions.engine.rounding import Rounding
from commissions.plan import PlanError, plan_mistakes, plan_schema, read_examples, read_plan
from tests.commissions.plan.texts import EVERYTHING, RANKS, ROOT, TOP, bonus_text, plan_of

GALLERY = sorted((ROOT / "plans").glob("*.toml"))
PUBLISHED = sorted((ROOT / "tests" / "plans").glob("*/plan*.toml"))


@pytest.mark.parametrize("path", [*GALLERY, *PUBLISHED], ids=lambda path: path.parent.name)
def test_plans_of_the_repository_are_read(path: Path) -> None:
    assert plan_mistakes(path.read_text(encoding="utf-8")) == ()


def test_the_top_of_a_plan() -> None:
    plan = read_plan(
        TOP + 'point_value = "0.85"\nrounding = "toward zero"\nlate_returns = "deduct volume"\n'
    )

    assert (plan.name, plan.currency, plan.exponent, plan.cadence) == ("Small", "USD", 2, "monthly")
    assert (plan.point_num, plan.point_den) == (85, 1)
    assert (plan.rounding, plan.deducts_late) == (Rounding.TOWARD_ZERO, True)
    assert plan.amount_of(25_000) == (17, 800)


def test_the_digest_is_of_the_text() -> None:
    one, same, other = read_plan(TOP), read_plan(TOP), read_plan(TOP + "# changed\n")

    assert one.text_digest == same.text_digest
    assert one.text_digest != other.text_digest


@pytest.mark.parametrize(
    ("lines", "keeping"),
    [
        ("", Keeping()),
        ('paid_as = "title"\ngrace = 2\n', Keeping(by_title=True, grace=2)),
        (
            'title = "window"\nmet = 3\nof = 5\nfalls = "one step"\n',
            Keeping(window_met=3, window_of=5),
        ),
        (
            'title = "window"\nmet = 3\nof = 5\nfalls = "to qualified"\n',
            Keeping(window_met=3, window_of=5, falls_one_step=False),
        ),
    ],
)
def test_how_ranks_are_kept(lines: str, keeping: Keeping) -> None:
    assert plan_of(f"{RANKS}[ranks]\n{lines}").keeping == keeping


def test_lines_are_of_bonuses_then_of_caps_then_of_the_plan_s_cap_then_of_deductions() -> None:
    team = bonus_text("retail", pays_on='"CV"', rates='"5%"', cap='{ per_holder = "5.00" }')
    plan = plan_of(
        team
        + bonus_text("retail", pays_on='"CV"', rates='"5%"').replace('"B"', '"C"')
        + '[cap]\npayout = "5.00"\n[[deduction]]\nname = "Tax"\nrate = "11.33%"\n'
    )

    assert plan.pays == (
        Pay("B", PayKind.BONUS, 0),
        Pay("C", PayKind.BONUS, 1),
        Pay("Cap on B", PayKind.CAP, 0),
        Pay("Payout cap", PayKind.PLAN_CAP, 0),
        Pay("Tax", PayKind.DEDUCTION, 0),
    )
    assert plan.deductions == (Deduction("Tax", 113_300),)


def test_everything_can_be_said_at_once() -> None:
    plan = read_plan(EVERYTHING)

    assert isinstance(plan, Plan)
    assert {type(rule).__name__ for rule in plan.bonuses} == {
        "BinaryRule", "DifferentialRule", "FullLevelRule", "GenerationRule", "InfinityRule",
        "MatchingRule", "PersonalRule", "PoolRule", "RewardRule", "StructureRule", "UnilevelRule",
    }  # fmt: skip
    assert plan.columns == ("pv", "cv", "sv", "amount")


def test_examples_are_texts_with_the_line_where_each_begins() -> None:
    (example,) = read_examples(EVERYTHING)

    assert example.name == "Alice is paid on Bob's order"
    assert example.network == "alice\n  bob\n"
    assert (example.state, example.cadence, example.period) == ("", "", "2026-01-01..2026-02-01")
    lines = EVERYTHING.split("\n")
    assert lines[example.line - 1] == "[[example]]"
    assert lines[example.lines["network"] - 1] == "alice"
    assert lines[example.lines["sales"] - 1] == "s1: bob 100 100"


def test_examples_can_be_had_from_a_plan_with_mistakes_elsewhere() -> None:
    text = 'name = 5\n[[example]]\nname = "A"\nnetwork = "a"\npays = ""\n'

    (example,) = read_examples(text)

    assert (example.name, example.lines) == ("A", {"network": 4, "pays": 5})
    with pytest.raises(PlanError):
        read_examples('[[example]]\nname = "A"\n')


def test_the_schema_names_every_key_of_every_kind() -> None:
    schema = plan_schema()

    kinds = schema["properties"]["bonus"]["items"]["oneOf"]
    by_kind = {}
    for kind in kinds:
        table = schema["$defs"][kind["$ref"].rsplit("/", 1)[1]]
        by_kind[table["properties"]["kind"]["const"]] = set(table["properties"])
    assert len(by_kind) == 13
    assert by_kind["infinity"] >= {"from", "counted_in", "blocking", "leaders", "requires", "cap"}
    assert json.loads(json.dumps(schema)) == schema


def test_the_schema_in_the_documentation_is_the_reader_s() -> None:
    path = ROOT / "docs" / "plan.schema.json"

    assert json.loads(path.read_text(encoding="utf-8")) == plan_schema(), (
        "write it again: python -m commissions.plan > docs/plan.schema.json"
    )


def test_reading_a_plan_loads_no_compiler() -> None:
    code = (
        "import sys; from commissions.plan import read_plan, requirement_progress;"
        "from commissions.plan.telling import tell_plan;"
        "from commissions.engine import ENGINE_VERSION, Plan;"
        "print([name for name in ('numba', 'numpy', 'django') if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_the_longest_plan_of_the_gallery_is_read_in_less_than_50_milliseconds() -> None:
    text = max((path.read_text(encoding="utf-8") for path in GALLERY), key=len)
    took = []

    for _ in range(5):
        start = time.process_time()
        read_plan(text)
        took.append(time.process_time() - start)

    assert min(took) < 0.05
