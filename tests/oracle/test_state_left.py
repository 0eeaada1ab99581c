"""What is not left: rows of zero and of no rank, legs that are lost, rows that are too old."""

from tests.oracle.lines import Answer
from tests.oracle.notation import read_example
from tests.oracle.period import work_out
from tests.oracle.reading import read_plan

BINARY = """
name = "Binary"
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
carry = "{carry}"
carry_expires = 2
"""
LEGS = """
alice binary top
  bob binary alice left
  carl binary alice right
"""


def answer(plan_text: str, network: str, sales: str, state: str = "") -> Answer:
    plan = read_plan(plan_text)
    table = {"name": "", "network": network, "sales": sales, "state": state, "pays": ""}
    return work_out(read_example(plan, table).question)


def keys(found: Answer) -> list[str]:
    return [f"{member} {key}" for member, key, _ in found.state]


def test_nothing_is_left_when_nothing_is_carried() -> None:
    sales = "s1: bob 0 100\ns2: carl 0 40"

    assert keys(answer(BINARY.format(carry="nothing"), LEGS, sales)) == []
    assert keys(answer(BINARY.format(carry="weaker leg"), LEGS, sales)) == []
    assert keys(answer(BINARY.format(carry="both legs"), LEGS, sales)) == [
        "alice Team.left@2026-01-01"
    ]


def test_lots_that_are_used_or_too_old_are_not_left() -> None:
    state = """
    alice Team.left@2025-10-01 5
    alice Team.left@2025-11-01 30
    alice Team.right@2025-12-01 30
    """

    assert keys(answer(BINARY.format(carry="both legs"), LEGS, "", state)) == []


def test_rows_of_zero_and_of_no_rank_are_left_out() -> None:
    plan = """
name = "Zero"
currency = "USD"
cadence = "monthly"
[volume]
LIFE = "lifetime PV"
TWO = "GV of the last 2 periods"
[[rank]]
name = "Bronze"
require = ["PV >= 10"]
[ranks]
grace = 3
title = "window"
met = 1
of = 1
falls = "one step"
"""
    state = """
    alice rank.paid_as Bronze
    alice rank.title Bronze
    alice rank.highest Bronze
    alice rank.held 1
    alice rank.grace 3
    alice lifetime.PV 10
    alice past.GV@2025-12-01 10
    alice past.GV@2025-11-01 10
    """

    found = answer(plan, "alice", "", state)

    assert found.state == [("alice", "lifetime.PV", 10), ("alice", "rank.highest", "Bronze")]
