"""Shorter rhythms: a month's matching on what was posted for the weeks that ended in it."""

from tests.oracle.lines import Answer
from tests.oracle.runs import run_one, told, told_reversals, what_everybody_keeps

PLAN = """
name = "Weeks and months"
currency = "USD"
cadence = "monthly"
[[bonus]]
name = "Week"
kind = "retail"
cadence = "weekly"
pays_on = "CV"
rates = "10%"
cap = { per_earner = "9.00" }
[[bonus]]
name = "Match"
kind = "matching"
of = ["Week"]
rates = ["50%"]
[[bonus]]
name = "Month"
kind = "retail"
pays_on = "CV"
rates = "1%"
"""
NETWORK = """
alice
  bob
"""
SALES = """
s1: customer ann of bob 0 100, at 2025-12-30
s2: customer ann of bob 0 50, at 2026-01-06
s3: customer ann of bob 0 40, at 2026-01-31
r2: returns s2 0 -20, at 2026-01-14
r1: returns s1 0 -100, at 2026-02-10
r3: returns s2 0 -30, at 2026-02-10T12:00
"""
JANUARY = ["2025-12-29..2026-01-05", "2026-01-05..2026-01-12", "2026-01-12..2026-01-19"]
FEBRUARY = ["2026-01-26..2026-02-02", "2026-02-09..2026-02-16"]


def weeks(periods: list[str], prior: list[Answer]) -> list[Answer]:
    found: list[Answer] = []
    for period in periods:
        week = run_one(PLAN, NETWORK, SALES, period, "weekly", prior=[*prior, *found])
        found.append(week)
    return found


def test_a_month_matches_what_the_weeks_posted_that_ended_in_it_net_of_what_they_took_back() -> (
    None
):
    in_january = weeks(JANUARY, [])

    month = run_one(PLAN, NETWORK, SALES, "2026-01-01..2026-02-01", shorter=in_january)

    assert [told(week) for week in in_january] == [
        [
            "bob <- s1 Week level 0 10%: 10.00",
            "bob <- earnings of bob in Week Cap on Week level 0: -1.00",
        ],
        ["bob <- s2 Week level 0 10%: 5.00"],
        [],
    ]
    assert told_reversals(in_january[2]) == ["bob <- r2 Week level 0 10%: -2.00 of s2 (-20)"]
    # 9.00 + 5.00 - 2.00. The month's own bonus nets s2, and s1 is of last year: 30 and 40 at 1 %.
    assert told(month) == [
        "alice <- earnings of bob in Week Match level 1 50%: 6.00",
        "bob <- s2 Month level 0 1%: 0.30",
        "bob <- s3 Month level 0 1%: 0.40",
    ]


def test_a_later_month_takes_matching_back_as_the_weeks_take_back_their_lines() -> None:
    in_january = weeks(JANUARY, [])
    january = run_one(PLAN, NETWORK, SALES, "2026-01-01..2026-02-01", shorter=in_january)
    in_february = weeks(FEBRUARY, in_january)

    february = run_one(
        PLAN, NETWORK, SALES, "2026-02-01..2026-03-01", prior=[january], shorter=in_february
    )

    assert told_reversals(in_february[1]) == [
        "bob <- r1 Week level 0 10%: -10.00 of s1 (-100)",
        "bob <- r1 Cap on Week level 0: 1.00 of earnings of bob in Week (0)",
        "bob <- r3 Week level 0 10%: -3.00 of s2 (-30)",
    ]
    # s3 is of the week that ended on 1 February: 4.00 are matched now. January's 12.00 are gone.
    assert told(february) == ["alice <- earnings of bob in Week Match level 1 50%: 2.00"]
    assert told_reversals(february) == [
        "alice <- r1 Match level 1 50%: -4.50 of earnings of bob in Week (-9.00)",
        "alice <- r3 Match level 1 50%: -1.50 of earnings of bob in Week (-3.00)",
        "bob <- r3 Month level 0 1%: -0.30 of s2 (-30)",
    ]
    everything = [*in_january, *in_february, january, february]
    assert what_everybody_keeps(everything)["bob", "Week"] == 400


def test_matching_is_taken_back_in_the_month_in_which_the_week_of_the_return_ends() -> None:
    sales = """
    s2: customer ann of bob 0 50, at 2026-01-06
    r2: returns s2 0 -20, at 2026-01-30
    """
    first = run_one(PLAN, NETWORK, sales, "2026-01-05..2026-01-12", "weekly")
    january = run_one(PLAN, NETWORK, sales, "2026-01-01..2026-02-01", shorter=[first])
    last = run_one(PLAN, NETWORK, sales, "2026-01-26..2026-02-02", "weekly", prior=[first])

    february = run_one(
        PLAN, NETWORK, sales, "2026-02-01..2026-03-01", prior=[january], shorter=[last]
    )

    # The week of the 30th ends in February. The month's own bonus has netted the return in January.
    assert told(january) == [
        "alice <- earnings of bob in Week Match level 1 50%: 2.50",
        "bob <- s2 Month level 0 1%: 0.30",
    ]
    assert told_reversals(last) == ["bob <- r2 Week level 0 10%: -2.00 of s2 (-20)"]
    assert told(february) == []
    assert told_reversals(february) == [
        "alice <- r2 Match level 1 50%: -1.00 of earnings of bob in Week (-2.00)"
    ]


def test_a_week_leaves_only_what_its_own_bonuses_carry() -> None:
    plan = """
name = "Weekly binary"
currency = "USD"
cadence = "monthly"
[tree.binary]
kind = "binary"
[volume]
LIFE = "lifetime PV"
[[rank]]
name = "Bronze"
require = ["PV >= 1"]
[[bonus]]
name = "Week"
kind = "binary"
tree = "binary"
cadence = "weekly"
pays_on = "CV"
rates = "10%"
[[bonus]]
name = "Month"
kind = "binary"
tree = "binary"
pays_on = "CV"
rates = "10%"
"""
    network = "alice binary top\n  bob binary alice left"
    sales = "s1: bob 5 30, at 2026-01-07"

    week = run_one(plan, network, sales, "2026-01-05..2026-01-12", "weekly")
    month = run_one(plan, network, sales, "2026-01-01..2026-02-01")

    assert [row[:2] for row in week.state] == [("alice", "Week.left@2026-01-05")]
    assert sorted({row[1] for row in month.state}) == [
        "Month.left@2026-01-01",
        "lifetime.PV",
        "rank.highest",
        "rank.paid_as",
        "rank.title",
    ]
