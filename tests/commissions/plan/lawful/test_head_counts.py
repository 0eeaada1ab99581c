"""People who are counted without sales behind them: as the only reason for pay, and as a gate."""

import pytest

from tests.commissions.plan.lawful.asking import SOLD, TEAM, about, active, only, plan, rank

ALONE = "head-count-alone"
GATE = "head-count-gate"
SELLING = "frontline with PV >= 100"
PRIZE = '\n[[bonus]]\nname = "Prize"\nkind = "reward"\npays = "100.00"\n'
MATRIX = '\n[tree.grid]\nkind = "matrix"\nwidth = 2\n'
FULL = '\n[[bonus]]\nname = "Full"\nkind = "full-level"\ntree = "grid"\npays_on = "CV"\n'
SHAPE = '\n[[bonus]]\nname = "Shape"\nkind = "structure"\nwidth = 2\npays = ["50.00"]\n'
HEADS = '\n[volume.HEADS]\nof = "people"\nlevels = ["1", "1"]\n'
SELLERS = HEADS + 'who = ["PV >= 100"]\n'
POOL = '\n[[bonus]]\nname = "Pool"\nkind = "pool"\nfund = "2% of CV"\nshares = "HEADS"\n'


def recruiters(*require: str) -> str:
    """Return a plan with a prize for a rank that has these requirements."""
    return plan(rank("Recruiter", *require), PRIZE.replace('"100.00"', '{ Recruiter = "100.00" }'))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (plan(PRIZE, 'for_each = "enrolled with active"\n'), "bonus Prize"),
        (plan(PRIZE, 'requires = ["frontline with active are at least 3"]\n'), "bonus Prize"),
        (recruiters("downline with active are at least 20"), "bonus Prize"),
        (recruiters("frontline with active >= 3 or PV >= 100"), "bonus Prize"),
        (plan(MATRIX, FULL, 'rates = ["10.00"]\n'), "bonus Full"),
        (plan(SHAPE, 'person = ["months since joining >= 1"]\n'), "bonus Shape"),
        (plan(HEADS, POOL), "bonus Pool"),
    ],
)
def test_pay_for_heads_is_refused_under_every_profile(text: str, what: str) -> None:
    for profile in ("lab", "existing", "default", "strict"):
        assert about(text, ALONE, profile) == [what]
        assert only(text, ALONE, profile).severity == "refuse"


@pytest.mark.parametrize(
    "text",
    [
        plan(PRIZE, f'for_each = "{SELLING}"\n'),
        plan(PRIZE, f'requires = ["{SELLING} are at least 3"]\n'),
        plan(active("PV >= 100"), PRIZE, 'requires = ["frontline with active are at least 3"]\n'),
        plan(PRIZE, 'requires = ["frontline with active are at least 3", "PV >= 100"]\n'),
        plan(PRIZE),
        recruiters(f"{SELLING} are at least 3"),
        plan(active("PV >= 100"), MATRIX, FULL, 'rates = ["10.00"]\n'),
        plan(MATRIX, FULL, 'rates = ["10%"]\n'),
        plan(SHAPE, 'person = ["PV >= 100"]\n'),
        plan(SELLERS, POOL),
    ],
)
def test_sales_behind_the_people_keep_the_plan_in_the_lab(text: str) -> None:
    assert about(text, ALONE, "lab") == []


def test_the_way_to_pay_for_heads_is_told() -> None:
    finding = only(recruiters("frontline with active are at least 3"), ALONE, "lab")

    assert finding.path == (
        "Nobody in the whole network buys or sells anything; people only join.",
        "Anna becomes Recruiter: frontline with active are at least 3.",
        "Anna is paid Prize.",
    )


def test_a_head_count_as_a_gate_on_sales_pay_is_allowed_in_the_lab_and_signed_for() -> None:
    text = plan(SOLD, TEAM, 'requires = ["frontline with active are at least 3"]\n')

    assert about(text, ALONE, "lab") == about(text, GATE, "lab") == []
    assert only(text, GATE, "existing").severity == "sign"
    assert only(text, GATE, "default").severity == "refuse"


@pytest.mark.parametrize(
    ("requirement", "heads"),
    [
        ("frontline with active are at least 3", True),
        ("legs with Helper are at least 2", True),
        ("legs with Seller are at least 2", False),
        ("frontline with PV >= 1 are at least 3", False),
        ("customers with PV >= 20 are at least 3", False),
        ("HEADS >= 10", True),
        ("GV >= 100 or enrolled with active >= 2", True),
        ("GV >= 100", False),
    ],
)
def test_a_gate_is_a_head_count_if_nobody_counted_need_sell(
    requirement: str, *, heads: bool
) -> None:
    text = plan(
        HEADS,
        rank("Helper", "was Helper or months since joining >= 1"),
        rank("Seller", "PV >= 10"),
        TEAM.replace("BASE", "CV"),
        f'requires = ["{requirement}"]\n',
    )

    assert about(text, GATE) == (["bonus Team"] if heads else [])


def test_the_place_is_that_of_the_requirement_also_of_a_market() -> None:
    text = plan(
        rank("Silver", "PV >= 10"),
        '\n[market.JP.rank.Silver]\nrequire = ["PV >= 10", "frontline with active >= 2"]\n',
    )
    finding = only(text, GATE)

    assert text.splitlines()[finding.line - 1][finding.column - 1 :].startswith('"frontline')
    assert (finding.what, finding.market) == ("rank Silver", "JP")
