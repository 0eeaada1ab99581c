"""members.csv: everything that can be said of a member, and what the run makes of it."""

from pathlib import Path

from tests.commissions.lab.files import PLAN, SALES, Lab, network

TEAM = """
[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = ["10%", "5%"]
"""


def test_customers_are_looked_through_in_both_trees(tmp_path: Path) -> None:
    plan = PLAN + TEAM + TEAM.replace("Team", "Fast").replace("none", 'none"\ntree = "enroller')
    members = (
        "id,sponsor,role,joined_at,enroller\n"
        "alice,,distributor,2025-01-01,\n"
        "ann,alice,customer,2025-01-01,\n"
        "bob,ann,distributor,2025-01-01,\n"
        "amy,alice,customer,2025-01-01,bob\n"
        "carl,bob,distributor,2025-01-01,amy\n"
    )

    out = Lab(tmp_path, plan, members).run(SALES + "s1,carl,2026-01-05,,,100,100\n")

    assert out.lines("member", "bonus", "level", "amount") == [
        ("alice", "Team", "2", "5.00"),
        ("alice", "Fast", "2", "5.00"),
        ("bob", "Team", "1", "10.00"),
        ("bob", "Fast", "1", "10.00"),
    ]


def test_who_has_no_enroller_was_introduced_by_the_sponsor(tmp_path: Path) -> None:
    plan = PLAN + TEAM.replace('"none"', '"none"\ntree = "enroller"')
    members = (
        "id,sponsor,role,joined_at,enroller\n"
        "alice,,distributor,2025-01-01,\n"
        "bob,alice,distributor,2025-01-01,\n"
        "carl,bob,distributor,2025-01-01,alice\n"
        "dora,carl,distributor,2025-01-01,\n"
    )

    out = Lab(tmp_path, plan, members).run(SALES + "s1,dora,2026-01-05,,,100,100\n")

    assert out.lines("member", "level", "amount") == [
        ("alice", "2", "5.00"),
        ("carl", "1", "10.00"),
    ]


def test_a_status_is_a_set_of_policies(tmp_path: Path) -> None:
    members = "id,sponsor,role,joined_at,status\nalice,,distributor,2025-01-01,\n" + "".join(
        f"{status},alice,distributor,2025-01-01,{status}\nof-{status},{status},customer,2025-01-01,\n"
        for status in (
            "active", "reinstated", "suspended", "deceased", "lapsed", "applicant", "terminated",
        )
    )  # fmt: skip
    lab = Lab(tmp_path, PLAN + TEAM, members)

    out = lab.run(
        SALES
        + "".join(
            f"s{number},{member},2026-01-05,,,10,10\n"
            for number, member in enumerate(
                ("of-active", "of-suspended", "of-lapsed", "of-applicant", "of-terminated")
            )
        )
    )

    assert out.lines() == [
        ("alice", "Team", "s2", "1.00"),  # lapsed keeps no customers
        ("alice", "Team", "s3", "1.00"),  # applicant occupies no level
        ("alice", "Team", "s4", "1.00"),
        ("alice", "Team", "s0", "0.50"),
        ("alice", "Team", "s1", "0.50"),
        ("active", "Team", "s0", "1.00"),
        ("suspended", "Team", "s1", "1.00"),
    ]


def test_a_market_has_its_own_thresholds(tmp_path: Path) -> None:
    plan = (
        PLAN
        + '[active]\nrequire = ["PV >= 100"]\n'
        + TEAM
        + '[market.JP.active]\nrequire = ["PV >= 80"]\n'
    )
    members = (
        "id,sponsor,role,joined_at,market\n"
        "alice,,distributor,2025-01-01,JP\n"
        "bob,,distributor,2025-01-01,US\n"
    )
    sales = "s1,alice,2026-01-05,,,80,80\ns2,bob,2026-01-05,,,80,80\n"

    out = Lab(tmp_path, plan, members).run(SALES + sales)

    assert [row["active"] for row in out.rows("standings")] == ["yes", "no"]


def test_members_with_the_same_holder_have_a_limit_together(tmp_path: Path) -> None:
    plan = PLAN + TEAM.replace('"none"', '"none"\ncap = { per_holder = "15.00" }')
    members = (
        "id,sponsor,role,joined_at,holder\n"
        "alice,,distributor,2025-01-01,h1\n"
        "bob,alice,distributor,2025-01-01,h1\n"
        "carl,bob,distributor,2025-01-01,\n"
    )

    out = Lab(tmp_path, plan, members).run(SALES + "s1,carl,2026-01-05,,,200,200\n")

    assert out.lines() == [
        ("alice", "Team", "s1", "10.00"),
        ("alice", "Cap on Team", "earnings of alice in Team", "-5.00"),
        ("bob", "Team", "s1", "20.00"),
        ("bob", "Cap on Team", "earnings of bob in Team", "-10.00"),
    ]


def test_a_rank_set_by_hand_is_paid_as_and_nothing_else(tmp_path: Path) -> None:
    plan = (
        PLAN
        + '[[rank]]\nname = "Two Star"\nrequire = ["PV >= 1000"]\n'
        + TEAM.replace('["10%", "5%"]', '{ "Two Star" = ["10%"] }')
    )
    members = (
        "id,sponsor,role,joined_at,rank\n"
        "alice,,distributor,2025-01-01,Two Star\n"
        "bob,alice,distributor,2025-01-01,\n"
    )

    out = Lab(tmp_path, plan, members).run(SALES + "s1,bob,2026-01-05,,,100,100\n")

    assert out.lines() == [("alice", "Team", "s1", "10.00")]
    standing = out.standing("alice")
    assert (standing["rank"], standing["paid_as"], standing["title"]) == ("", "Two Star", "")


def test_who_joined_at_the_moment_of_the_tree_is_not_in_it(tmp_path: Path) -> None:
    members = (
        "id,sponsor,role,joined_at\n"
        "alice,,distributor,2026-01-31T23:59:59\n"
        "bob,,distributor,2026-02-01\n"
        "carl,,distributor,2026-02-01T00:30:00+01:00\n"
    )
    lab = Lab(tmp_path, PLAN, members)

    at_the_end = lab.run()
    earlier = lab.run(name="earlier", as_of="2026-01-31T23:45:00")

    assert [row["member"] for row in at_the_end.rows("standings")] == ["alice", "carl"]
    assert [row["member"] for row in earlier.rows("standings")] == ["carl"]


def test_files_may_come_from_other_systems(tmp_path: Path) -> None:
    text = network("alice\n  bob").replace("\n", "\r\n")
    sales = (
        '"id", member ,at,purpose,amount,pv,cv\r\n\r\n'
        '"s1",bob, 2026-01-05 ,,,"100",100\r\n,,,,,,\r\n'
    )
    lab = Lab(tmp_path, PLAN + TEAM, "\ufeff" + text)

    out = lab.run("\ufeff" + sales)

    assert out.lines() == [("alice", "Team", "s1", "10.00")]


def test_rows_are_in_the_order_of_the_file_whatever_the_tree(tmp_path: Path) -> None:
    members = (
        "id,sponsor,role,joined_at\n"
        "carl,bob,distributor,2025-01-01\n"
        "bob,alice,distributor,2025-01-01\n"
        "zoe,,distributor,2025-01-01\n"
        "alice,,distributor,2025-01-01\n"
    )

    out = Lab(tmp_path, PLAN + TEAM, members).run(SALES + "s1,carl,2026-01-05,,,100,100\n")

    assert [row["member"] for row in out.rows("standings")] == ["carl", "bob", "zoe", "alice"]
    assert [member for member, *_ in out.lines()] == ["bob", "alice"]
