"""Late returns of what rests on many sales: pools, rewards, shapes, levels, legs."""

from tests.oracle.runs import run_months, told, told_reversals, what_everybody_keeps

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


def test_a_pool_gives_back_the_returned_share_of_all_its_sales() -> None:
    plan = f"""{HEAD}
[[bonus]]
name = "Pool"
kind = "pool"
fund = "10% of CV"
shares = "PV"
"""
    sales = """
    s1: bob 1 75
    s2: carl 2 25
    r1: returns s1 0 -75, at 2026-02-01
    r2: returns s2 0 -25, at 2026-03-01
    """

    january, february, march = run_months(plan, THREE, sales, months=3)

    assert told(january) == ["bob <- pool Pool level 0: 3.33", "carl <- pool Pool level 0: 6.67"]
    # 75 of 100: 2.4975 and 5.0025; of shares 1 and 2.
    assert told_reversals(february) == [
        "bob <- r1 Pool level 0: -2.50 of pool (-0.75)",
        "carl <- r1 Pool level 0: -5.00 of pool (-1.5)",
    ]
    assert told_reversals(march) == [
        "bob <- r2 Pool level 0: -0.83 of pool (-0.25)",
        "carl <- r2 Pool level 0: -1.67 of pool (-0.5)",
    ]


def test_reward_structure_and_full_level_give_back_the_share_of_their_evidence() -> None:
    plan = f"""{HEAD}
[tree.board]
kind = "matrix"
width = 1
[[bonus]]
name = "Gift"
kind = "reward"
pays = "10.00"
requires = ["GV >= 100"]
[[bonus]]
name = "Shape"
kind = "structure"
width = 1
person = ["PV >= 20"]
pays = ["8.00"]
[[bonus]]
name = "Level"
kind = "full-level"
tree = "board"
pays_on = "CV"
rates = ["5%"]
"""
    network = """
    alice board top
      bob board alice 1
    """
    sales = """
    s1: bob 60 100
    s2: alice 40 0
    r1: returns s1 -30 -100, at 2026-02-01
    """

    january, february = run_months(plan, network, sales)

    assert told(january) == [
        "alice <- group of alice Gift level 0: 10.00",
        "alice <- shape of alice Shape level 1: 8.00",
        "alice <- level 1 of alice Level level 1 5%: 5.00",
    ]
    # PV: 30 of 100; CV of the level: all of it.
    assert told_reversals(february) == [
        "alice <- r1 Gift level 0: -3.00 of group of alice (-0.3)",
        "alice <- r1 Shape level 1: -2.40 of shape of alice (-0.3)",
        "alice <- r1 Level level 1 5%: -5.00 of level 1 of alice (-100)",
    ]


def test_a_binary_with_share_gives_back_lines_and_with_volume_takes_off_the_legs() -> None:
    plan = f"""{HEAD}
[tree.binary]
kind = "binary"
[[bonus]]
name = "Share"
kind = "binary"
tree = "binary"
pays_on = "CV"
rates = "10%"
on_return = "share"
[[bonus]]
name = "Volume"
kind = "binary"
tree = "binary"
pays_on = "CV"
rates = "10%"
"""
    network = """
    alice binary top
      bob binary alice left
      carl binary alice right
    """
    sales = """
    s1: bob 0 300
    s2: carl 0 100
    r1: returns s1 0 -100, at 2026-02-01
    s3: carl 0 50, at 2026-02-05
    """

    january, february = run_months(plan, network, sales)

    assert [line.amount for line in january.lines] == [1000, 1000]
    # A quarter of the evidence; the lots of January (200 on the left) are as they were.
    assert told_reversals(february) == [
        "alice <- r1 Share level 0 10%: -2.50 of legs of alice (-25)"
    ]
    assert told(february) == [
        "alice <- legs of alice Share level 0 10%: 5.00",
        "alice <- legs of alice Volume level 0 10%: 5.00",
    ]
    assert sorted(str(row[2]) for row in february.state) == ["150", "50"]


def test_everything_returned_takes_everything_back_in_whatever_parts() -> None:
    plan = f"""{HEAD}
[[rank]]
name = "Leader"
require = ["GV >= 10"]
[[bonus]]
name = "Stairs"
kind = "differential"
pays_on = "CV"
round_at = "bonus"
rates = {{ Leader = "3.3333%" }}
cap = {{ total = "0.07" }}
[[bonus]]
name = "Leaders"
kind = "generation"
pays_on = "CV"
leaders = ["Leader"]
rates = ["5%", "3%"]
own_group = "1%"
guarantee = "20"
[[bonus]]
name = "Match"
kind = "matching"
of = ["Stairs", "Leaders"]
rates = ["33%"]
[[bonus]]
name = "Pool"
kind = "pool"
fund = "7% of CV"
shares = "GV"
[cap]
payout = "20% of CV"
[[deduction]]
name = "Tax"
rate = "17%"
"""
    sales = """
    s1: carl 4 9.99
    s2: bob 8 1.01
    s3: alice 1 0.07
    s4: customer ann of carl 7 3.33
    r1: returns s1 -4 -3.33, at 2026-02-01
    r2: returns s2 -8 -1.01, at 2026-02-02
    r3: returns s1 0 -3.33, at 2026-02-03
    r4: returns s3 -1 -0.07, at 2026-03-01
    r5: returns s1 0 -3.33, at 2026-03-01
    r6: returns s4 -7 -3.33, at 2026-03-01
    """

    answers = run_months(plan, THREE, sales, months=3)

    assert answers[0].total > 0
    assert set(what_everybody_keeps(answers).values()) == {0}
