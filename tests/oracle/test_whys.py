"""What the oracle says of whom a sale met, in examples that a person can check."""

from typing import Any

from tests.oracle.lines import Answer
from tests.oracle.runs import run_one
from tests.oracle.whys.legs import InLeg, LegsTold
from tests.oracle.whys.levels import by_the_table
from tests.oracle.whys.limits import of_everybody
from tests.oracle.whys.rising import of_differential
from tests.oracle.whys.told import Told, lines_by_key

PERIOD = "2026-01-01..2026-02-01"
TOP = """
name     = "Why"
currency = "USD"
cadence  = "monthly"

[tree.legs]
kind = "binary"

[active]
require = ["PV >= 20"]

[[bonus]]
name    = "Why"
pays_on = "CV"
"""
LINE = """
alice legs top
  bob legs alice left
    carl legs bob left
      dora legs carl left
"""


def answer(bonus: str, sales: str) -> Answer:
    return run_one(TOP + bonus, LINE, sales, PERIOD)


def in_words(told: Told) -> str:
    to = f", to {told.to}" if told.to else ""
    return f"{told.member} {told.level} {told.reason}{' skipped' if told.is_skipped else ''}{to}"


def leg_in_words(told: InLeg) -> str:
    because = f" {told.because}" if told.because else ""
    return f"{told.member} {told.side} {told.reason} {told.points}{because}"


def test_a_level_goes_to_the_next_who_is_paid_it() -> None:
    found = answer(
        'kind = "unilevel"\ncompression = "inactive"\nrates = ["10%", "5%"]',
        "s1: alice 20 0\ns2: bob 20 0\ns3: dora 20 100",
    )

    table = by_the_table(found, found.run.plan.bonuses)
    assert [in_words(told) for told in table["Why", "s3"]] == [
        "carl 1 inactive skipped, to bob", "bob 1 paid", "alice 2 paid",
    ]  # fmt: skip


def test_a_differential_has_a_reason_for_everybody_on_the_way_up() -> None:
    found = answer(
        'kind = "differential"\nrates_by = "GV"\nbuyer = "counts"\nrates = { "20" = "5%" }',
        "s1: alice 20 0\ns2: bob 20 0\ns3: dora 15 100",
    )

    (sold,) = [sold for sold in found.run.paying if sold.id == "s3"]
    told = of_differential(found.run, found.run.plan.bonuses[0], sold, set(lines_by_key(found)))
    assert [in_words(each) for each in told] == [
        "dora 0 buyer", "carl 0 inactive", "bob 0 paid", "alice 0 blocked",
    ]  # fmt: skip


def test_new_volume_of_a_leg_is_paired_carried_or_lost() -> None:
    legs = LINE + "  eve legs alice right\n"
    rule = 'kind = "binary"\ntree = "legs"\nrates = "10%"\ncarry_most = "30"\n'
    rule += 'while_unqualified = "lose both"'
    sales = "s1: alice 20 0\ns2: dora 20 100\ns3: eve 20 40"
    found = run_one(TOP + rule, legs, sales, PERIOD)

    told = LegsTold(found.run, found.run.plan.bonuses[0])
    sold: Any = {each.id: each for each in found.run.paying}
    assert [leg_in_words(each) for each in told.of_sale(sold["s2"])] == [
        "carl left counted 100 inactive", "carl left lost 100 inactive",
        "bob left counted 100 inactive", "bob left lost 100 inactive",
        "alice left counted 100", "alice left paired 40", "alice left carried 30",
        "alice left full 30",
    ]  # fmt: skip
    assert [leg_in_words(each) for each in told.lost_by("alice")] == ["alice  full 30"]


def test_a_limit_says_what_was_due_and_what_is_paid() -> None:
    found = answer(
        'kind = "unilevel"\ncompression = "none"\nrates = ["10%"]\n'
        'cap = { per_earner = "7.00", total = "6.00" }',
        "s1: alice 20 0\ns2: carl 20 0\ns3: dora 20 100",
    )

    assert [(cut.member, cut.limit, cut.due, cut.paid) for cut in of_everybody(found)] == [
        ("carl", "per_earner", 1000, 700), ("carl", "total", 700, 600),
    ]  # fmt: skip
