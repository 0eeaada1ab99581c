"""Returns after their period: what is taken back of what, and whose volume is less."""

from dataclasses import replace
from pathlib import Path

from commissions.lab.basis import read_basis, write_basis
from tests.commissions.lab.files import FEBRUARY, PLAN, RETURNS, Lab
from tests.commissions.lab.late import MATCH, PEOPLE, PLACES, SALES, STAR, TEAM, TWO

POOL = """
[[bonus]]
name   = "Pool"
kind   = "pool"
fund   = "2% of CV"
shares = "equal"
"""
REWARD = (
    STAR
    + """
[[bonus]]
name = "Reward"
kind = "reward"
pays = { Star = "10.01" }
"""
)
LEGS = (
    TWO
    + """
[[bonus]]
name    = "Legs"
kind    = "binary"
tree    = "two"
pays_on = "CV"
rates   = "7%"
"""
)


def test_a_line_is_taken_back_by_its_share_of_what_came_back(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + TEAM, PEOPLE)
    january = lab.run(RETURNS + SALES)

    february = lab.run(
        RETURNS + "r1,ann,2026-02-05,,,,-10,s1\nr2,ann,2026-02-06,,,,-10,s1\n",
        FEBRUARY,
        prior=(january.folder,),
    )

    assert ("alice", "Team", "s1", "1.00") in january.lines()
    columns = ("member", "level", "evidence", "base", "rate", "amount", "reverses")
    assert february.lines(*columns) == [
        ("alice", "2", "r1", "-10.00", "3%", "-0.30", "s1"),
        ("alice", "2", "r2", "-10.00", "3%", "-0.30", "s1"),
        ("bob", "1", "r1", "-10.00", "7%", "-0.70", "s1"),
        ("bob", "1", "r2", "-10.00", "7%", "-0.70", "s1"),
    ]
    assert february.rows("earnings") == [
        {"member": "alice", "bonus": "Team", "level": "2", "base": "-20.00", "rate": "3%",
         "amount": "-0.60"},
        {"member": "bob", "bonus": "Team", "level": "1", "base": "-20.00", "rate": "7%",
         "amount": "-1.40"},
    ]  # fmt: skip
    assert february.standing("bob")["PV"] == "0.00"
    assert february.summary["totals"]["taken_back"] == "-2.00"


def test_more_that_comes_back_than_was_paid_on_takes_back_the_whole(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + TEAM, PEOPLE)
    january = lab.run(RETURNS + SALES)

    february = lab.run(
        RETURNS + "r1,ann,2026-02-05,,,-99,-99,s1\n", FEBRUARY, prior=(january.folder,)
    )

    assert february.lines("base", "amount") == [("-33.35", "-1.00"), ("-33.35", "-2.33")]


def test_only_what_is_paid_on_matters(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + TEAM, PEOPLE)
    january = lab.run(RETURNS + SALES)

    february = lab.run(RETURNS + "r1,ann,2026-02-05,,,-10,,s1\n", FEBRUARY, prior=(january.folder,))

    assert february.lines() == []


def test_nothing_happens_with_none(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + TEAM + 'on_return = "none"\n', PEOPLE)

    january = lab.run(RETURNS + SALES)
    february = lab.run(RETURNS + "r1,ann,2026-02-05,,,,-10,s1\n", FEBRUARY, prior=(january.folder,))

    assert january.lines()
    assert february.lines() == []


def test_matching_goes_back_by_what_is_taken_back_of_the_earnings(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + MATCH, PEOPLE)
    january = lab.run(RETURNS + SALES)

    february = lab.run(
        RETURNS + "r1,ann,2026-02-05,,,,-33.35,s1\n", FEBRUARY, prior=(january.folder,)
    )

    columns = ("member", "bonus", "level", "evidence", "base", "amount", "reverses")
    assert [line for line in january.lines(*columns[:6]) if line[1] == "Match"] == [
        ("top", "Match", "1", "earnings of alice in Team", "6.81", "2.25"),
        ("top", "Match", "2", "earnings of bob in Team", "7.23", "0.72"),
        ("top", "Match", "2", "earnings of carl in Team", "7.00", "0.70"),
        ("alice", "Match", "1", "earnings of bob in Team", "7.23", "2.39"),
        ("alice", "Match", "1", "earnings of carl in Team", "7.00", "2.31"),
    ]
    # 1.00 of Alice's 6.81 and 2.33 of Bob's 7.23 are taken back.
    assert [line for line in february.lines(*columns) if line[1] == "Match"] == [
        ("top", "Match", "1", "r1", "-1.00", "-0.33", "earnings of alice in Team"),
        ("top", "Match", "2", "r1", "-2.33", "-0.23", "earnings of bob in Team"),
        ("alice", "Match", "1", "r1", "-2.33", "-0.77", "earnings of bob in Team"),
    ]


def test_a_share_of_the_evidence_is_taken_back(tmp_path: Path) -> None:
    """213.51 are in the pool: 10 of them are less than 5 %."""
    lab = Lab(tmp_path, PLAN + POOL, PEOPLE)
    january = lab.run(RETURNS + SALES)

    february = lab.run(RETURNS + "r1,ann,2026-02-05,,,,-10,s1\n", FEBRUARY, prior=(january.folder,))

    assert january.lines("member", "evidence", "base", "amount")[0] == (
        "top", "pool", "1.00", "1.07",
    )  # fmt: skip
    assert february.lines("member", "evidence", "base", "amount", "reverses")[0] == (
        "top", "r1", "-0.05", "-0.05", "pool",
    )  # fmt: skip


def test_who_has_no_part_in_a_sale_gives_nothing_back(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + REWARD, PEOPLE)
    january = lab.run(RETURNS + SALES)

    february = lab.run(
        RETURNS + "r1,ann,2026-02-05,,,-10.01,,s1\n", FEBRUARY, prior=(january.folder,)
    )

    assert {row["member"] for row in january.rows("lines")} == {"bob", "carl"}
    assert february.lines("member", "amount") == [("bob", "-7.10")]  # 10.01 of 14.11


def test_a_leg_has_less_with_volume(tmp_path: Path) -> None:
    plan = PLAN + LEGS
    lab = Lab(tmp_path, plan, PLACES)
    january = lab.run(RETURNS + SALES)

    february = lab.run(
        RETURNS + "r1,cid,2026-02-05,,,,-20,s4\n",
        FEBRUARY,
        prior=(january.folder,),
        state=(january.state_file,),
    )

    assert january.state() == {("alice", "Legs.right@2026-01-01"): "6.67"}
    assert february.lines() == []
    assert february.state() == {("alice", "Legs.right@2026-02-01"): "-13.33"}


def test_volumes_see_it_if_the_plan_deducts_it(tmp_path: Path) -> None:
    plan = PLAN + 'late_returns = "deduct volume"\n' + STAR + TEAM
    lab = Lab(tmp_path, plan, PEOPLE)
    january = lab.run(RETURNS + SALES)
    back = "r1,ann,2026-02-05,,,-10,-10,s1\n"

    february = lab.run(
        RETURNS + back + "s9,ann,2026-02-01,,,4,4,\n", FEBRUARY, prior=(january.folder,)
    )

    assert february.standing("bob")["PV"] == "-6.00"
    assert february.standing("alice")["GV"] == "-6.00"
    assert february.standing("bob")["rank"] == ""
    assert ("bob", "Team", "s9", "0.28") in february.lines()


def test_it_is_the_owner_of_then_whose_volume_is_less(tmp_path: Path) -> None:
    """Bob owned Ann's sale; since then he was terminated, and Ann's orders are Alice's."""
    plan = PLAN + 'late_returns = "deduct volume"\n'
    lab = Lab(tmp_path, plan, PEOPLE)
    january = lab.run(RETURNS + SALES)
    members = PEOPLE.replace("joined_at", "joined_at,status").replace("2025-01-01", "2025-01-01,")
    bob = "bob,alice,distributor,2025-01-01,"
    now = Lab(tmp_path, plan, members.replace(bob, f"{bob}lapsed"))

    february = now.run(
        RETURNS + "r1,ann,2026-02-05,,,-10,-10,s1\n", FEBRUARY, prior=(january.folder,)
    )

    assert february.standing("bob")["PV"] == "-10.00"
    assert february.standing("alice")["PV"] == "0.00"


def test_returns_of_kits_take_back_nothing(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + TEAM, PEOPLE)

    february = lab.run(
        RETURNS + "k1,ann,2026-01-05,kit,49,,,\nr1,ann,2026-02-05,,-49,,,k1\n", FEBRUARY
    )

    assert february.lines() == []


def test_a_plan_that_was_changed_takes_back_what_the_old_one_paid(tmp_path: Path) -> None:
    old = Lab(tmp_path, PLAN + TEAM, PEOPLE)
    january = old.run(RETURNS + SALES)
    new = Lab(tmp_path, PLAN + TEAM.replace("Team", "New").replace('"7%"', '"50%"'), PEOPLE)

    february = new.run(
        RETURNS + "r1,ann,2026-02-05,,,,-33.35,s1\ns9,ann,2026-02-06,,,10,10,\n",
        FEBRUARY,
        prior=(january.folder,),
    )

    assert february.lines() == [
        ("alice", "New", "s9", "0.30"),
        ("alice", "Team", "r1", "-1.00"),
        ("bob", "New", "s9", "5.00"),
        ("bob", "Team", "r1", "-2.33"),
    ]


def test_a_run_that_comes_out_differently_now_is_refused(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + TEAM, PEOPLE)
    january = lab.run(RETURNS + SALES)
    basis = read_basis(january.folder)
    write_basis(replace(basis, plan=basis.plan.replace('"7%"', '"8%"')), january.folder)

    problems = lab.problems(
        RETURNS + "r1,ann,2026-02-05,,,,-10,s1\n", FEBRUARY, prior=(january.folder,)
    )

    assert problems == [
        "2026-01-01/basis.npz: comes out differently now: run it again, with the engine of today"
    ]
