"""The lab's files, read and answered by the oracle: one small folder, two months."""

import csv
from pathlib import Path

from tests.oracle.on_files import oracle_of_folder, run_on_files

PLAN = """
name = "Files"
currency = "USD"
cadence = "monthly"
[tree.board]
kind = "matrix"
width = 2
fill = "breadth-first"
[volume]
LIFE = "lifetime PV"
[active]
require = ["PV >= 10"]
[[rank]]
name = "Two Star"
require = ["customers with PV >= 5 are at least 1"]
[[bonus]]
name = "Board"
kind = "unilevel"
tree = "board"
pays_on = "CV"
compression = "none"
paid_to = "everybody"
rates = ["10%"]
[[bonus]]
name = "Match"
kind = "matching"
of = ["Board"]
paid_to = "everybody"
rates = ["50%"]
"""
MEMBERS = """\
id,sponsor,role,joined_at,status,rank,board.parent,board.leg
alice,,distributor,2025-01-01,,,alice,
bob,alice,distributor,2025-01-01T05:00:00+00:00,,Two Star,alice,2
carl,bob,distributor,2025-02-01,suspended,,,
ann,carl,customer,2026-01-05,,,,
late,alice,distributor,2026-02-01,,,,
"""
SALES = """\
id,member,at,purpose,amount,order,pv,cv,returns
s1,carl,2026-01-31T23:30:00-05:00,,20.00,,10,10,
s2,ann,2026-01-10,,,7,5,20,
k1,carl,2026-01-10,kit,99.00,,0,0,
r1,ann,2026-02-03,,,,-5,-20,s2
s3,late,2026-02-05,stock,,,1,1,
"""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write_folder(folder: Path) -> None:
    (folder / "plan.toml").write_text(PLAN)
    (folder / "members.csv").write_text(MEMBERS)
    (folder / "sales.csv").write_text(SALES)


def command(folder: Path, period: str, out: Path) -> list[str]:
    files = [f"--{name}={folder / name}.csv" for name in ("members", "sales")]
    zone = ["--time-zone", "America/New_York"]
    return [str(folder / "plan.toml"), *files, "--period", period, *zone, "--out", str(out)]


def test_two_months_of_files_with_a_late_return(tmp_path: Path) -> None:
    write_folder(tmp_path)
    january, february = tmp_path / "january", tmp_path / "february"

    run_on_files(command(tmp_path, "2026-01-01..2026-02-01", january))
    second = command(tmp_path, "2026-02-01..2026-03-01", february)
    run_on_files([*second, "--prior", str(january), "--state", str(january / "state.csv")])

    # Carl's own order is of January in New York; he has no place and gets one below Bob, who
    # enrolled him: leg 1 there. Ann's order is Carl's, and meets him first.
    assert rows(january / "lines.csv") == [
        line("alice", "Match", "earnings of bob in Board", "1.00", "50%", "0.50"),
        line("bob", "Board", "s1", "10", "10%", "1.00"),
        line("bob", "Match", "earnings of carl in Board", "2.00", "50%", "1.00"),
        line("carl", "Board", "s2", "20", "10%", "2.00"),
    ]
    assert rows(january / "earnings.csv")[0] == {
        "member": "alice",
        "bonus": "Match",
        "level": "1",
        "base": "1.00",
        "rate": "50%",
        "amount": "0.50",
    }
    assert rows(january / "standings.csv")[1:] == [
        standing("bob", PV="0", CV="0", GV="15", LIFE="0", paid_as="Two Star"),
        standing(
            "carl",
            **{"PV": "15", "CV": "30", "GV": "15", "LIFE": "15", "customers with PV >= 5": "1"},
            active="yes",
            rank="Two Star",
            paid_as="Two Star",
            title="Two Star",
        ),
    ]
    assert {"member": "carl", "key": "lifetime.PV", "value": "15"} in rows(january / "state.csv")
    # In February `late` is there as well, on Alice's leg 1: who joined later is placed later.
    assert rows(february / "lines.csv") == [
        line("alice", "Board", "s3", "1", "10%", "0.10"),
        line("bob", "Match", "r1", "-2.00", "50%", "-1.00", "earnings of carl in Board"),
        line("carl", "Board", "r1", "-20", "10%", "-2.00", "s2"),
    ]


def line(
    member: str, bonus: str, evidence: str, base: str, rate: str, amount: str, reverses: str = ""
) -> dict[str, str]:
    return {
        "member": member,
        "bonus": bonus,
        "level": "1",
        "evidence": evidence,
        "base": base,
        "rate": rate,
        "amount": amount,
        "reverses": reverses,
    }


def standing(member: str, **said: str) -> dict[str, str]:
    nothing = {
        "customers with PV >= 5": "0",
        "active": "no",
        "rank": "",
        "paid_as": "",
        "title": "",
    }
    return {"member": member} | nothing | said


def test_a_folder_is_answered_with_its_state_and_as_of_a_day(tmp_path: Path) -> None:
    write_folder(tmp_path)
    (tmp_path / "state.csv").write_text("member,key,value\nbob,lifetime.PV,100.50\n")

    answer = oracle_of_folder(tmp_path, "2026-01-01..2026-02-01", as_of="2025-02-01")

    assert list(answer.standings) == ["alice", "bob"]
    assert answer.standings["bob"].volumes["LIFE"] * 2 == 201
