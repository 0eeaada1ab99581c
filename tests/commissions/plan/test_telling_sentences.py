"""What a plan in plain words must not say wrongly: cases that a reader would stumble over."""

from commissions.plan.telling import tell_plan
from tests.commissions.plan.texts import RANKS, bonus_text, plan_of


def test_thresholds_of_a_market_are_told_also_for_the_same_rates() -> None:
    team = bonus_text("unilevel", pays_on='"CV"', compression='"none"', rates_by='"GV"',
                      rates='{ "200" = ["5%"] }')  # fmt: skip
    plan = plan_of(team + '[market.JP.bonus.B]\nrates = { "100" = ["5%"] }\n')

    told = tell_plan(plan).as_text()
    _, in_japan = told.split("In JP")

    assert "100 points" in in_japan


def test_limits_of_several_rhythms_are_told_as_limits_of_each() -> None:
    weekly = bonus_text("retail", pays_on='"CV"', rates='"5%"', cadence='"weekly"',
                        cap='{ per_earner = "5.00" }')  # fmt: skip
    told = tell_plan(plan_of(weekly + '[cap]\nper_earner = "9.00"\n')).as_text()

    assert "This bonus pays nobody more than 5.00 USD in a week." in told
    assert "All bonuses together pay nobody more than 9.00 USD in a month." in told
    assert "What is paid for each week and each month is held against these limits" in told


def test_levels_of_the_same_weight_are_told_together() -> None:
    points = '[volume.P]\nof = "PV"\nself = "100%"\nlevels = ["5%", "5%", "0%", "4%"]\n'

    told = tell_plan(plan_of(points)).as_text()

    assert (
        "The sum of 100% of your own personal volume (PV), 5% of the personal volume (PV) on "
        "levels 1 to 2 and 4% of the personal volume (PV) on level 4." in told
    )


def test_one_place_below_each_is_told_as_one() -> None:
    told = tell_plan(plan_of('[tree.line]\nkind = "matrix"\nwidth = 1\n')).as_text()

    assert 'The tree "line" has 1 place below each.' in told


def test_a_title_that_is_new_is_not_told_to_be_lost_at_once() -> None:
    window = '[ranks]\ntitle = "window"\nmet = 3\nof = 5\nfalls = "one step"\n'

    told = " ".join(tell_plan(plan_of(RANKS + window)).as_text().split())

    assert (
        "You lose it, by one rank, when you missed it in more than 2 months of the last 5; what "
        "was before you had it does not count." in told
    )
