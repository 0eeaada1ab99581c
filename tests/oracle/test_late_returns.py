"""Late returns: what was posted is taken back, by the rule of each bonus, and never more."""

import pytest

from tests.oracle.runs import run_months, told, told_reversals, what_everybody_keeps

TEAM = """
name = "Team"
currency = "USD"
cadence = "monthly"
rounding = "{rounding}"
[[bonus]]
name = "Team"
kind = "unilevel"
pays_on = "CV"
compression = "none"
rates = ["10%", "5%"]
"""
HEAD = """
name = "Plan"
currency = "USD"
cadence = "monthly"
"""
THREE = """
alice
  bob
    carl
"""


def test_each_line_of_the_sale_is_taken_back_in_the_month_of_the_return() -> None:
    sales = """
    s1: carl 0 100
    s2: carl 0 50
    r1: returns s1 0 -40, at 2026-02-10
    """

    january, february = run_months(TEAM.format(rounding="half to even"), THREE, sales)

    assert january.total == 1000 + 500 + 500 + 250
    assert february.lines == []
    assert told_reversals(february) == [
        "bob <- r1 Team level 1 10%: -4.00 of s1 (-40)",
        "alice <- r1 Team level 2 5%: -2.00 of s1 (-40)",
    ]


@pytest.mark.parametrize(
    ("rounding", "thirds"),
    [
        # 0.10 in thirds: 3.33, 6.67 and 10 cents, rounded in the three ways.
        ("half away from zero", ["-0.03", "-0.04", "-0.03"]),
        ("half to even", ["-0.03", "-0.04", "-0.03"]),
        ("toward zero", ["-0.03", "-0.03", "-0.04"]),
    ],
)
def test_three_thirds_take_back_the_whole(rounding: str, thirds: list[str]) -> None:
    sales = """
    s1: bob 0 0.99
    r1: returns s1 0 -0.33, at 2026-02-10
    r2: returns s1 0 -0.33, at 2026-02-20
    r3: returns s1 0 -0.33, at 2026-03-01
    """
    plan = TEAM.format(rounding=rounding).replace('"10%"', '"10.1011%"')  # 0.1000008 a line

    _, february, march = run_months(plan, THREE, sales, months=3)

    taken = told_reversals(february) + told_reversals(march)
    assert [line.split(": ")[1].split(" ")[0] for line in taken] == thirds


def test_returns_are_looked_at_in_the_order_of_time_and_no_further_than_the_sale_goes() -> None:
    sales = """
    s1: bob 0 10
    r1: returns s1 0 -8, at 2026-02-20
    r2: returns s1 0 -3, at 2026-02-10
    """

    _, february = run_months(TEAM.format(rounding="half to even"), THREE, sales)

    assert told_reversals(february) == [
        "alice <- r2 Team level 1 10%: -0.30 of s1 (-3)",
        "alice <- r1 Team level 1 10%: -0.70 of s1 (-7)",
    ]


def test_what_was_netted_in_its_own_month_is_not_taken_back_again() -> None:
    sales = """
    s1: bob 0 10
    r0: returns s1 0 -4, at 2026-01-30
    r1: returns s1 0 -6, at 2026-02-01
    """

    january, february = run_months(TEAM.format(rounding="half to even"), THREE, sales)

    assert told(january) == ["alice <- s1 Team level 1 10%: 0.60"]
    assert told_reversals(february) == ["alice <- r1 Team level 1 10%: -0.60 of s1 (-6)"]


def test_sums_with_per_cents_are_rounded_for_all_that_came_back_together() -> None:
    # PAID is 30 % of CV: 0.05 come back, which is 0.015, so 0.02; 0.10 by now: 0.03; 0.30: 0.09.
    plan = f"""{HEAD}
[volume]
PAID = "30% of CV"
[[bonus]]
name = "Own"
kind = "personal"
pays_on = "PAID"
rates = "100%"
"""
    sales = """
    s1: bob 0 0.30
    r1: returns s1 0 -0.05, at 2026-02-01
    r2: returns s1 0 -0.05, at 2026-02-02
    r3: returns s1 0 -0.20, at 2026-02-03
    """

    january, february = run_months(plan, THREE, sales)

    assert told(january) == ["bob <- s1 Own level 0 100%: 0.09"]
    assert told_reversals(february) == [
        "bob <- r1 Own level 0 100%: -0.02 of s1 (-0.02)",
        "bob <- r2 Own level 0 100%: -0.01 of s1 (-0.01)",
        "bob <- r3 Own level 0 100%: -0.06 of s1 (-0.06)",
    ]


def test_each_part_of_a_sale_in_tiers_gives_back_its_share() -> None:
    plan = f"""{HEAD}
[[bonus]]
name = "Retail"
kind = "retail"
pays_on = "CV"
tiers = {{ "0" = "10%", "100" = "20%" }}
tier_mode = "marginal"
"""
    sales = """
    s1: customer ann of bob 0 150
    r1: returns s1 0 -75, at 2026-02-01
    """

    january, february = run_months(plan, THREE, sales)

    assert told(january) == [
        "bob <- s1 Retail level 1 10%: 10.00",
        "bob <- s1 Retail level 2 20%: 10.00",
    ]
    assert told_reversals(february) == [
        "bob <- r1 Retail level 1 10%: -5.00 of s1 (-50)",
        "bob <- r1 Retail level 2 20%: -5.00 of s1 (-25)",
    ]


def test_a_cap_goes_back_with_the_lines_it_was_taken_off_and_so_does_a_deduction() -> None:
    plan = f"""{HEAD}
[[bonus]]
name = "Team"
kind = "unilevel"
pays_on = "CV"
compression = "none"
rates = ["10%"]
cap = {{ per_earner = "24.00" }}
[[deduction]]
name = "Tax"
rate = "10%"
"""
    sales = """
    s1: bob 0 100
    s2: bob 0 200
    r1: returns s1 0 -100, at 2026-02-01
    r2: returns s2 0 -200, at 2026-02-02
    """

    january, february = run_months(plan, THREE, sales)

    assert told(january) == [
        "alice <- s1 Team level 1 10%: 10.00",
        "alice <- s2 Team level 1 10%: 20.00",
        "alice <- earnings of alice in Team Cap on Team level 0: -6.00",
        "alice <- earnings of alice Tax level 0: -2.40",
    ]
    # 10 of 30 come back: 2 of the cap's 6, and 8 of 24 is a third of the tax.
    assert told_reversals(february) == [
        "alice <- r1 Team level 1 10%: -10.00 of s1 (-100)",
        "alice <- r1 Cap on Team level 0: 2.00 of earnings of alice in Team (0)",
        "alice <- r1 Tax level 0: 0.80 of earnings of alice (0)",
        "alice <- r2 Team level 1 10%: -20.00 of s2 (-200)",
        "alice <- r2 Cap on Team level 0: 4.00 of earnings of alice in Team (0)",
        "alice <- r2 Tax level 0: 1.60 of earnings of alice (0)",
    ]


def test_matching_is_taken_back_as_far_as_the_earnings_were() -> None:
    plan = f"""{HEAD}
[[bonus]]
name = "Retail"
kind = "retail"
pays_on = "CV"
rates = "10%"
[[bonus]]
name = "Match"
kind = "matching"
of = ["Retail"]
rates = ["50%", "10%"]
"""
    sales = """
    s1: customer ann of carl 0 60
    s2: customer abe of carl 0 40
    r1: returns s2 0 -40, at 2026-02-01
    """

    january, february = run_months(plan, THREE, sales)

    assert told(january) == [
        "alice <- earnings of carl in Retail Match level 2 10%: 1.00",
        "bob <- earnings of carl in Retail Match level 1 50%: 5.00",
        "carl <- s1 Retail level 0 10%: 6.00",
        "carl <- s2 Retail level 0 10%: 4.00",
    ]
    assert told_reversals(february) == [
        "carl <- r1 Retail level 0 10%: -4.00 of s2 (-40)",
        "bob <- r1 Match level 1 50%: -2.00 of earnings of carl in Retail (-4.00)",
        "alice <- r1 Match level 2 10%: -0.40 of earnings of carl in Retail (-4.00)",
    ]


def test_a_guarantee_goes_back_by_what_is_taken_back_of_whom_it_was_taken_from() -> None:
    plan = f"""{HEAD}
[[rank]]
name = "Leader"
require = ["GV >= 1000"]
[[bonus]]
name = "Leadership"
kind = "generation"
pays_on = "CV"
leaders = ["Leader"]
rates = ["4%"]
guarantee = "1000"
"""
    sales = """
    s1: carl 1100 1100
    s2: bob 600 600
    r1: returns s1 0 -550, at 2026-02-01
    r2: returns s1 0 -550, at 2026-02-02
    r3: returns s2 0 -600, at 2026-02-03
    """

    january, february = run_months(plan, THREE, sales)

    assert told(january) == [
        "alice <- s2 Leadership level 1 4%: 24.00",
        "alice <- earnings of bob in Leadership Leadership level 1: 16.00",
        "bob <- s1 Leadership level 1 4%: 44.00",
        "bob <- earnings of bob in Leadership Leadership level 1: -16.00",
    ]
    assert told_reversals(february)[:3] == [
        "bob <- r1 Leadership level 1 4%: -22.00 of s1 (-550)",
        "alice <- r1 Leadership level 1: -8.00 of earnings of bob in Leadership (0)",
        "bob <- r1 Leadership level 1: 8.00 of earnings of bob in Leadership (0)",
    ]
    assert set(what_everybody_keeps([january, february]).values()) == {0}


def test_on_return_none_leaves_the_lines_and_what_matches_them() -> None:
    plan = f"""{HEAD}
[[bonus]]
name = "Kept"
kind = "retail"
pays_on = "CV"
rates = "10%"
on_return = "none"
[[bonus]]
name = "Match"
kind = "matching"
of = ["Kept"]
rates = ["50%"]
[[bonus]]
name = "Taken"
kind = "retail"
pays_on = "CV"
rates = "1%"
[[bonus]]
name = "Match kept"
kind = "matching"
of = ["Taken"]
rates = ["100%"]
on_return = "none"
"""
    sales = """
    s1: customer ann of carl 0 100
    r1: returns s1 0 -100, at 2026-02-01
    """

    _, february = run_months(plan, THREE, sales)

    assert told_reversals(february) == ["carl <- r1 Taken level 0 1%: -1.00 of s1 (-100)"]
