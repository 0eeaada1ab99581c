"""Late returns and volumes: left alone, deducted, or taken off the legs of a binary."""

from fractions import Fraction

from tests.oracle.lines import Answer
from tests.oracle.runs import run_months, told

DEDUCTED = """
name = "Deducted"
currency = "USD"
cadence = "monthly"
late_returns = "deduct volume"
[active]
require = ["PV >= 50"]
[volume]
FIRST = "cv of customers' first orders"
LIFE = "lifetime PV"
[volume.EV]
of = "PV"
at_once = "15"
most = "100"
draws_to = "0"
[[rank]]
name = "Seller"
require = ["customers with PV >= 40 are at least 1"]
[[bonus]]
name = "Team"
kind = "unilevel"
pays_on = "CV"
compression = "none"
paid_to = "everybody"
on_return = "none"
rates = ["10%"]
[[bonus]]
name = "Pool"
kind = "pool"
fund = "10% of CV"
shares = "equal"
paid_to = "everybody"
on_return = "none"
"""
TWO = "alice\n  bob"
SALES = """
s0: customer ann of alice 60 60, at 2026-01-10
t0: bob 20 20, at 2026-01-20
r0: returns s0 -30 -30, at 2026-02-05
r1: returns t0 -20 -20, at 2026-02-28
s1: customer ann of alice 70 20, at 2026-02-04
t1: bob 5 5, at 2026-02-10
"""


def volumes(answer: Answer, id: str, *names: str) -> list[Fraction]:
    return [answer.standings[id].volumes[name] for name in names]


def test_a_late_return_is_taken_off_the_owners_volumes_and_no_bonus_pays_on_it() -> None:
    _, february = run_months(DEDUCTED, TWO, SALES)

    # PV 70 - 30; Ann's customer figure is 70: late returns are not looked at. EV: 15 - 30, and 15
    # are drawn from January's 45; Bob's is 5 - 20, and he has put by 5.
    assert volumes(february, "alice", "PV", "CV", "FIRST", "EV", "GV") == [40, -10, -30, 0, 25]
    assert volumes(february, "bob", "PV", "CV", "EV", "LIFE") == [-15, -15, -10, 5]
    assert not february.standings["alice"].is_active
    assert february.standings["alice"].paid_as == "Seller"
    # The pool's fund is of the sales that pay: 10 % of 25.
    assert told(february) == [
        "alice <- s1 Team level 1 10%: 2.00",
        "alice <- t1 Team level 1 10%: 0.50",
        "alice <- pool Pool level 0: 1.25",
        "bob <- pool Pool level 0: 1.25",
    ]


def test_otherwise_a_late_return_changes_no_volume() -> None:
    plan = DEDUCTED.replace('late_returns = "deduct volume"', 'late_returns = "leave volume"')

    _, february = run_months(plan, TWO, SALES)

    assert volumes(february, "alice", "PV", "CV", "FIRST", "EV", "GV") == [70, 20, 0, 15, 75]
    assert volumes(february, "bob", "PV", "LIFE") == [5, 25]


def test_a_late_return_is_taken_off_a_leg_which_may_be_below_zero() -> None:
    plan = """
name = "Legs"
currency = "USD"
cadence = "monthly"
[tree.binary]
kind = "binary"
[[bonus]]
name = "Team"
kind = "binary"
tree = "binary"
pays_on = "CV"
rates = "10%"
[[bonus]]
name = "Deaf"
kind = "binary"
tree = "binary"
pays_on = "CV"
on_return = "none"
rates = "1%"
"""
    network = "alice binary top\n  bob binary alice left\n  carl binary alice right"
    sales = """
    s0: bob 0 200, at 2026-01-20
    c0: carl 0 190, at 2026-01-20
    r0: returns s0 0 -150, at 2026-02-10
    s1: bob 0 90, at 2026-02-11
    s2: carl 0 40, at 2026-02-12
    """

    _, february = run_months(plan, network, sales)

    # Left: January's 10, and 90 - 150 new: -50. It is paired with nothing. Without the return it
    # has 100, and January's 10 are used first.
    assert told(february) == ["alice <- legs of alice Deaf level 0 1%: 0.40"]
    assert [(key, value) for _, key, value in february.state] == [
        ("Team.left@2026-02-01", Fraction(-50)),
        ("Team.right@2026-02-01", Fraction(40)),
        ("Deaf.left@2026-02-01", Fraction(60)),
    ]
