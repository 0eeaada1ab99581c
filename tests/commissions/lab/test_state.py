"""state.csv: what a period leaves, what the next one makes of it, and what is only passed on."""

from pathlib import Path

import pytest

from tests.commissions.lab.files import FEBRUARY, JANUARY, MARCH, PLAN, SALES, Lab, network

PEOPLE = network("""
alice
  bob
  carl
""")
BINARY = (
    "id,sponsor,role,joined_at,binary.parent,binary.leg\n"
    "alice,,distributor,2025-01-01,alice,\n"
    "bob,alice,distributor,2025-01-01,alice,left\n"
    "carl,alice,distributor,2025-01-01,alice,right\n"
)
LEGS = (
    PLAN
    + """
[tree.binary]
kind = "binary"

[[bonus]]
name          = "Two legs"
kind          = "binary"
tree          = "binary"
pays_on       = "CV"
rates         = "10%"
carry_expires = 2
"""
)


def sold(month: str, **points: str) -> str:
    return SALES + "".join(
        f"{month}-{member},{member},{month}-05,,,{figure},{figure}\n"
        for member, figure in points.items()
    )


def test_lots_are_called_by_the_first_day_of_their_period_and_expire(tmp_path: Path) -> None:
    lab = Lab(tmp_path, LEGS, BINARY)

    january = lab.run(sold("2026-01", bob="300"))
    february = lab.run(sold("2026-02", bob="50"), FEBRUARY, state=(january.state_file,))
    march = lab.run(sold("2026-03", carl="320"), MARCH, state=(february.state_file,))
    april = lab.run(sold("2026-04", carl="20"), "2026-04-01..2026-05-01", state=(march.state_file,))

    assert january.state() == {("alice", "Two legs.left@2026-01-01"): "300.00"}
    assert february.state() == {
        ("alice", "Two legs.left@2026-01-01"): "300.00",
        ("alice", "Two legs.left@2026-02-01"): "50.00",
    }
    assert march.lines("member", "amount") == [("alice", "32.00")]
    assert march.state() == {("alice", "Two legs.left@2026-02-01"): "30.00"}
    assert april.lines("member", "amount") == [("alice", "2.00")]
    assert april.state() == {("alice", "Two legs.left@2026-02-01"): "10.00"}


def test_volumes_over_time_go_from_period_to_period(tmp_path: Path) -> None:
    plan = (
        PLAN
        + """
[volume]
PV   = "pv of own orders"
LIFE = "lifetime PV"
LAST = "PV of the last 3 periods"
ONE  = "PV of the period before"
GREW = "growth of PV"
"""
    )
    lab = Lab(tmp_path, plan, PEOPLE)

    january = lab.run(sold("2026-01", alice="100", bob="7.25"))
    february = lab.run(sold("2026-02", alice="40"), FEBRUARY, state=(january.state_file,))
    march = lab.run(sold("2026-03", alice="50"), MARCH, state=(february.state_file,))
    april = lab.run(SALES, "2026-04-01..2026-05-01", state=(march.state_file,))

    def figures(out: object) -> list[str]:
        row = out.standing("alice")  # type: ignore[attr-defined]
        return [row[name] for name in ("LIFE", "LAST", "ONE", "GREW")]

    assert figures(january) == ["100.00", "100.00", "0.00", "100.00"]
    assert figures(february) == ["140.00", "140.00", "100.00", "0.00"]
    assert figures(march) == ["190.00", "190.00", "40.00", "10.00"]
    assert figures(april) == ["190.00", "90.00", "50.00", "0.00"]
    assert march.state() == {
        ("alice", "lifetime.PV"): "190.00",
        ("alice", "past.PV@2026-03-01"): "50.00",
        ("alice", "past.PV@2026-02-01"): "40.00",
        ("bob", "lifetime.PV"): "7.25",
    }


def test_ranks_go_from_period_to_period(tmp_path: Path) -> None:
    plan = (
        PLAN
        + """
[[rank]]
name    = "Two Star"
require = ["PV >= 100"]

[[rank]]
name    = "head of sales"
require = ["PV >= 200"]

[ranks]
paid_as = "title"
title   = "window"
met     = 2
of      = 3
falls   = "one step"
"""
    )
    lab = Lab(tmp_path, plan, PEOPLE)

    january = lab.run(sold("2026-01", alice="200"))
    february = lab.run(SALES, FEBRUARY, state=(january.state_file,))
    march = lab.run(SALES, MARCH, state=(february.state_file,))

    assert january.state() == {
        ("alice", "rank.paid_as"): "head of sales",
        ("alice", "rank.title"): "head of sales",
        ("alice", "rank.highest"): "head of sales",
        ("alice", "rank.held"): "1",
        ("alice", "rank.qualified@2026-01-01"): "head of sales",
    }
    assert february.standing("alice")["title"] == "head of sales"
    assert march.standing("alice")["title"] == "Two Star"
    assert march.state()["alice", "rank.held"] == "1"


def test_levels_and_ranks_that_are_paid_once_are_rows_of_their_own(tmp_path: Path) -> None:
    plan = (
        PLAN
        + """
[[rank]]
name    = "One"
require = ["PV >= 100"]

[[rank]]
name    = "Two"
require = ["PV >= 200"]

[[bonus]]
name     = "Reached"
kind     = "reward"
when     = "once"
pays     = { One = "10.00", Two = "20.00" }
"""
    )
    lab = Lab(tmp_path, plan, PEOPLE)

    january = lab.run(sold("2026-01", alice="200"))
    february = lab.run(sold("2026-02", alice="200"), FEBRUARY, state=(january.state_file,))

    assert january.lines("level", "amount") == [("1", "10.00"), ("2", "20.00")]
    assert [
        (row["key"], row["value"]) for row in january.rows("state") if row["key"][0] == "R"
    ] == [("Reached.rank", "1"), ("Reached.rank", "2")]
    assert february.lines() == []
    assert february.rows("state") == january.rows("state")


def test_a_reserve_is_carried(tmp_path: Path) -> None:
    plan = PLAN + '[volume.EV]\nof = "PV"\nat_once = "15"\nmost = "100"\ndraws_to = "50"\n'
    lab = Lab(tmp_path, plan, PEOPLE)

    january = lab.run(sold("2026-01", alice="60"))
    february = lab.run(SALES, FEBRUARY, state=(january.state_file,))

    assert january.state() == {("alice", "reserve.EV"): "45.00"}
    assert february.standing("alice")["EV"] == "45.00"
    assert february.state() == {}


def test_rows_of_who_is_not_there_are_passed_on(tmp_path: Path) -> None:
    members = network("alice\n  ann customer")
    state = (
        "gone,rank.paid_as,Two Star\n"
        "gone,lifetime.PV,12.5\n"
        "ann,past.GV@2025-12-01,7.00\n"
        "alice,lifetime.OLD,3\n"
        "alice,rank.title,Two Star\n"
        "alice,past.OLD@2025-11-15,0.00\n"
    )

    out = Lab(tmp_path, PLAN, members).run(state=state)

    assert out.state() == {
        ("alice", "lifetime.OLD"): "3.00",
        ("gone", "rank.paid_as"): "Two Star",
        ("gone", "lifetime.PV"): "12.5",
        ("ann", "past.GV@2025-12-01"): "7.00",
        ("alice", "rank.title"): "Two Star",
    }


def test_several_files_are_read_together(tmp_path: Path) -> None:
    lab = Lab(tmp_path, LEGS, BINARY)
    files = []
    for side in ("left", "right"):
        path = tmp_path / f"{side}.csv"
        path.write_text(f"member,key,value\nalice,Two legs.{side}@2025-12-01,100\n")
        files.append(path)

    out = lab.run(state=tuple(files))

    assert out.lines() == [("alice", "Two legs", "legs of alice", "10.00")]


@pytest.mark.parametrize(
    ("cadence", "period", "before"),
    [
        ("daily", "2026-03-01..2026-03-02", "2026-02-28"),
        ("weekly", "2026-01-05..2026-01-12", "2025-12-29"),
        ("four-weekly", "2026-01-05..2026-02-02", "2025-12-08"),
        ("semi-monthly", "2026-03-01..2026-03-16", "2026-02-16"),
        ("semi-monthly", "2026-03-16..2026-04-01", "2026-03-01"),
        ("monthly", "2026-03-01..2026-04-01", "2026-02-01"),
        ("monthly", "2026-03-31..2026-04-30", "2026-02-28"),
        ("quarterly", "2026-01-01..2026-04-01", "2025-10-01"),
        ("yearly", "2026-01-01..2027-01-01", "2025-01-01"),
    ],
)
def test_the_period_before_is_told_by_the_cadence(
    tmp_path: Path, cadence: str, period: str, before: str
) -> None:
    plan = PLAN.replace("monthly", cadence) + '[volume]\nONE = "PV of the period before"\n'
    lab = Lab(tmp_path, plan, PEOPLE)

    out = lab.run(period=period, state=f"alice,past.PV@{before},7\n")

    assert out.standing("alice")["ONE"] == "7.00"


def test_a_first_period_that_began_late_is_the_period_before_all_the_same(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN + '[volume]\nONE = "PV of the period before"\n', PEOPLE)

    january = lab.run(sold("2026-01", alice="5"), "2026-01-04..2026-02-01")
    february = lab.run(SALES, FEBRUARY, state=(january.state_file,))

    assert january.state() == {("alice", "past.PV@2026-01-04"): "5.00"}
    assert february.standing("alice")["ONE"] == "5.00"


def test_the_state_that_is_read_is_the_one_that_was_written(tmp_path: Path) -> None:
    """A run on what it wrote itself writes the same, but for what is a period older."""
    lab = Lab(tmp_path, LEGS, BINARY)
    january = lab.run(sold("2026-01", bob="300"), JANUARY)

    february = lab.run(SALES, FEBRUARY, state=(january.state_file,))

    assert february.rows("state") == january.rows("state")
