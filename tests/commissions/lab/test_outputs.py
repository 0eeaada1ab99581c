"""What a run writes: lines with what they rest on, sums of them, standings, and the summary."""

from fractions import Fraction
from pathlib import Path

from tests.commissions.lab.files import PLAN, SALES, Lab, network

PEOPLE = network("""
alice
  bob
    ann customer
  carl
    cid customer
""")
SOLD = (
    SALES
    + "s1,ann,2026-01-05,,99.00,60,33.35\n"
    + "s2,cid,2026-01-06,,,40,20\n"
    + "s3,bob,2026-01-07,,,5,7\n"
)
EVERYTHING = (
    PLAN
    + """
[tree.two]
kind = "binary"

[volume]
TEAM = "PV of downline"
HALF = "50% of PV"

[active]
require = ["PV >= 5 or customers with PV >= 40 are at least 1 or TEAM >= 100"]

[[rank]]
name    = "Star"
require = ["active", "frontline with active are at least 2"]

[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = ["12.5%", "1%"]
cap         = { per_earner = "4.00" }

[[bonus]]
name  = "Match"
kind  = "matching"
of    = ["Team"]
rates = ["10%"]

[[bonus]]
name    = "Legs"
kind    = "binary"
tree    = "two"
pays_on = "CV"
rates   = "10%"

[[bonus]]
name    = "Level"
kind    = "full-level"
tree    = "two"
pays_on = "CV"
rates   = ["1.00"]

[[bonus]]
name   = "Shape"
kind   = "structure"
width  = 2
person = ["GV >= 1"]
pays   = ["2.00"]

[[bonus]]
name   = "Fund"
kind   = "pool"
fund   = "1% of CV"
shares = "PV"

[[bonus]]
name = "Reached"
kind = "reward"
pays = { Star = "3.00" }

[[deduction]]
name = "Tax"
rate = "10%"
"""
)
MEMBERS = (
    "id,sponsor,role,joined_at,two.parent,two.leg\n"
    "alice,,distributor,2025-01-01,alice,\n"
    "bob,alice,distributor,2025-01-01,alice,left\n"
    "ann,bob,customer,2025-01-01,,\n"
    "carl,alice,distributor,2025-01-01,alice,right\n"
    "cid,carl,customer,2025-01-01,,\n"
)


def test_lines_say_what_they_rest_on(tmp_path: Path) -> None:
    out = Lab(tmp_path, EVERYTHING, MEMBERS).run(SOLD)

    columns = ("bonus", "level", "evidence", "base", "rate", "amount")
    assert [row[:6] for row in out.lines("member", *columns) if row[0] == "alice"] == [
        ("alice", "Team", "1", "s3", "7.00", "12.5%"),
        ("alice", "Team", "2", "s1", "33.35", "1%"),
        ("alice", "Team", "2", "s2", "20.00", "1%"),
        ("alice", "Match", "1", "earnings of bob in Team", "4.00", "10%"),
        ("alice", "Match", "1", "earnings of carl in Team", "2.50", "10%"),
        ("alice", "Legs", "0", "legs of alice", "20.00", "10%"),
        ("alice", "Level", "1", "level 1 of alice", "60.35", "0%"),
        ("alice", "Shape", "1", "shape of alice", "1.00", "0%"),
        ("alice", "Reached", "0", "group of alice", "1.00", "0%"),
        ("alice", "Tax", "0", "earnings of alice", "0.00", "0%"),
    ]
    bob = [line[1:] for line in out.lines() if line[0] == "bob"]
    assert bob[-3:] == [
        ("Fund", "pool", "0.37"),
        ("Cap on Team", "earnings of bob in Team", "-0.17"),
        ("Tax", "earnings of bob", "-0.44"),
    ]


def test_lines_are_by_member_bonus_level_and_rate(tmp_path: Path) -> None:
    rows = Lab(tmp_path, EVERYTHING, MEMBERS).run(SOLD).rows("lines")

    members = [line.split(",")[0] for line in MEMBERS.split("\n")[1:-1]]
    bonuses = ["Team", "Match", "Legs", "Level", "Shape", "Fund", "Reached", "Cap on Team", "Tax"]
    keys = [
        (members.index(row["member"]), bonuses.index(row["bonus"]), int(row["level"]))
        for row in rows
    ]
    assert keys == sorted(keys)


def test_earnings_are_sums_of_lines(tmp_path: Path) -> None:
    out = Lab(tmp_path, EVERYTHING, MEMBERS).run(SOLD)

    sums: dict[tuple[str, ...], list[Fraction]] = {}
    for row in out.rows("lines"):
        key = (row["member"], row["bonus"], row["level"], row["rate"])
        total = sums.setdefault(key, [Fraction(0), Fraction(0)])
        total[0] += Fraction(row["base"])
        total[1] += Fraction(row["amount"])
    assert [
        ((row["member"], row["bonus"], row["level"], row["rate"]),
         [Fraction(row["base"]), Fraction(row["amount"])])
        for row in out.rows("earnings")
    ] == list(sums.items())  # fmt: skip


def test_standings_have_volumes_counts_and_ranks(tmp_path: Path) -> None:
    out = Lab(tmp_path, EVERYTHING, MEMBERS).run(SOLD)

    assert list(out.rows("standings")[0]) == [
        "member", "PV", "CV", "GV", "TEAM", "HALF", "customers with PV >= 40",
        "frontline with active", "active", "rank", "paid_as", "title",
    ]  # fmt: skip
    assert list(out.standing("alice").values()) == [
        "alice", "0.00", "0.00", "105.00", "105.00", "0.00", "0", "2", "yes", "Star", "Star",
        "Star",
    ]  # fmt: skip
    assert list(out.standing("carl").values()) == [
        "carl", "40.00", "20.00", "40.00", "0.00", "20.00", "1", "0", "yes", "", "", "",
    ]  # fmt: skip


def test_the_summary_has_totals_by_what_they_are(tmp_path: Path) -> None:
    out = Lab(tmp_path, EVERYTHING, MEMBERS).run(SOLD)
    summary, lines = out.summary, out.rows("lines")

    def total(*names: str) -> str:
        return f"{sum(float(row['amount']) for row in lines if row['bonus'] in names):.2f}"

    bonuses = ("Team", "Match", "Legs", "Level", "Shape", "Fund", "Reached")
    assert summary["totals"] == {
        "pv": "105.00",
        "cv": "60.35",
        "paid": total(*bonuses),
        "capped": total("Cap on Team"),
        "deducted": total("Tax"),
        "taken_back": "0.00",
        "earned": total(*bonuses, "Cap on Team", "Tax"),
        "earners": 3,
        "lines": len(lines),
    }
    assert summary["bonuses"] == [{"name": name, "amount": total(name)} for name in bonuses]
    assert summary["caps"] == [{"name": "Cap on Team", "amount": total("Cap on Team")}]
    assert summary["deductions"] == [{"name": "Tax", "amount": total("Tax")}]
    assert summary["members"] == {"distributors": 3, "customers": 2}
    paid = Fraction(total(*bonuses, "Cap on Team"))
    assert Fraction(summary["payout_ratio"].rstrip("%")) <= paid / Fraction("60.35") * 100
    assert set(summary["digests"]) == {"input", "result"}


def test_digests_follow_the_facts(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN, PEOPLE)
    head, *rows = SOLD.strip().split("\n")

    one = lab.run(SOLD, name="one").summary["digests"]
    other = lab.run("\n".join([head, *rows[::-1]]) + "\n", name="other").summary["digests"]
    more = lab.run(SOLD.replace("33.35", "33.36"), name="more").summary["digests"]

    assert one["result"] == other["result"]
    assert one["result"] != more["result"]
    assert one["input"] != more["input"]


def test_currencies_have_their_own_decimals(tmp_path: Path) -> None:
    plan = (
        PLAN.replace("USD", "KWD")
        + '[[bonus]]\nname = "Team"\nkind = "retail"\npays_on = "CV"\nrates = "1.5%"\n'
    )
    lab = Lab(tmp_path, plan, PEOPLE)

    dinar = lab.run(SALES + "s1,ann,2026-01-05,,1.005,,10.10\n", name="dinar")
    yen = Lab(tmp_path, plan.replace("KWD", "JPY"), PEOPLE).run(
        SALES + "s1,ann,2026-01-05,,1005,,10.10\n", name="yen"
    )

    assert dinar.lines("base", "amount") == [("10.10", "0.152")]
    assert yen.lines("base", "amount") == [("10.10", "0")]


def test_a_run_of_nobody_is_a_run(tmp_path: Path) -> None:
    out = Lab(tmp_path, EVERYTHING, MEMBERS.split("\n")[0] + "\n").run()

    assert out.rows("lines") == out.rows("standings") == out.rows("state") == []
    assert out.summary["payout_ratio"] is None
