"""A chain of two thousand people: nothing recurses along it."""

from fractions import Fraction

import pytest

from tests.oracle.days import first_period
from tests.oracle.people import JOINED, Member, Place
from tests.oracle.period import work_out
from tests.oracle.reading import read_plan
from tests.oracle.run import Question
from tests.oracle.sales import Sale

PEOPLE = 2000
PLAN = """
name = "Chain"
currency = "USD"
cadence = "monthly"
[tree.binary]
kind = "binary"
[tree.up]
kind = "pass-up"
first = 1
[active]
require = ["PV >= 1"]
[[rank]]
name = "Bronze"
require = ["legs with PV >= 10 >= 1"]
[[rank]]
name = "Silver"
require = ["frontline with Bronze >= 1", "active"]
[[bonus]]
name = "Team"
kind = "unilevel"
pays_on = "CV"
compression = "dynamic"
rates = { Bronze = ["5%"], Silver = ["5%", "4%"] }
[[bonus]]
name = "Stairs"
kind = "differential"
tree = "up"
pays_on = "CV"
rates = { Bronze = "5%", Silver = "10%" }
[[bonus]]
name = "Shape"
kind = "structure"
paid_to = "everybody"
width = 1
person = ["PV >= 0"]
pays = ["1.00", "2.00"]
[[bonus]]
name = "Two legs"
kind = "binary"
tree = "binary"
pays_on = "CV"
rates = "10%"
"""


@pytest.mark.slow
def test_a_long_chain_is_worked_out() -> None:
    chain = [f"m{number}" for number in range(PEOPLE)]
    network = {
        id: Member(id, above, places={"binary": Place(above, 1 if above else None)})
        for id, above in zip(chain, [None, *chain], strict=False)
    }
    ten = {"pv": Fraction(10), "cv": Fraction(10)}
    sales = [Sale("s", chain[-1], JOINED.replace(year=2026), ten)]

    answer = work_out(Question(read_plan(PLAN), network, sales, first_period("monthly")))

    assert answer.standings["m0"].volumes["GV"] == 10
    assert answer.standings["m0"].qualified_as == "Bronze"
    assert [line.bonus for line in answer.lines].count("Shape") == 2
