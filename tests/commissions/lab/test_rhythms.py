"""Several rhythms: weeks inside a month, on what their volumes are, and who matches them."""

from pathlib import Path

from tests.commissions.lab.files import PLAN, RETURNS, SALES, Lab, Written

PLAN_OF_WEEKS = (
    PLAN
    + """
[tree.binary]
kind = "binary"

[active]
require = ["PV >= 50"]

[[rank]]
name    = "Star"
require = ["PV >= 100"]

[[bonus]]
name    = "Legs"
kind    = "binary"
cadence = "weekly"
tree    = "binary"
pays_on = "CV"
rates   = "10%"

[[bonus]]
name        = "Match"
kind        = "matching"
of          = ["Legs"]
rates       = ["50%"]

[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = ["1%"]
"""
)
MEMBERS = (
    "id,sponsor,role,joined_at,binary.parent,binary.leg\n"
    "top,,distributor,2025-01-01,,\n"
    "alice,top,distributor,2025-01-01,alice,\n"
    "bob,alice,distributor,2025-01-01,alice,left\n"
    "carl,alice,distributor,2025-01-01,alice,right\n"
)
WEEKS = ["2025-12-29..2026-01-05", "2026-01-05..2026-01-12", "2026-01-12..2026-01-19"]
SOLD = (
    "t1,top,2026-01-02,,,60,0,\n"
    "d1,alice,2025-12-30,,,500,0,\n"  # in the first week, and in no volume of January
    "a1,alice,2026-01-07,,,60,0,\n"
    "b0,bob,2025-12-31,,,0,70,\n"
    "b1,bob,2026-01-06,,,0,200,\n"
    "c1,carl,2026-01-08,,,0,120,\n"
    "c2,carl,2026-01-13,,,0,50,\n"
)


def weeks(lab: Lab, sales: str) -> list[Written]:
    """Run the three weeks, each on the state of the one before."""
    done: list[Written] = []
    for period in WEEKS:
        state = (done[-1].state_file,) if done else ()
        prior = tuple(out.folder for out in done)
        done.append(lab.run(sales, period, cadence="weekly", state=state, prior=prior))
    return done


def test_a_week_pays_its_own_sales_on_volumes_of_the_month_so_far(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN_OF_WEEKS, MEMBERS)

    first, second, third = weeks(lab, RETURNS + SOLD)

    # 500 of December 30 are in no volume of January: alice is not active yet, and her legs wait.
    assert first.standing("alice")["PV"] == "0.00"
    assert first.state() == {("alice", "Legs.left@2025-12-29"): "70.00"}
    assert second.standing("alice")["PV"] == "60.00"
    assert second.lines("member", "bonus", "base", "amount") == [
        ("alice", "Legs", "120.00", "12.00")
    ]
    assert second.state() == {("alice", "Legs.left@2026-01-05"): "150.00"}
    # She is active by what she bought in the week before, which is in the month.
    assert third.lines("member", "base", "amount") == [("alice", "50.00", "5.00")]
    assert third.state() == {("alice", "Legs.left@2026-01-05"): "100.00"}


def test_the_month_matches_what_its_weeks_paid(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN_OF_WEEKS, MEMBERS)
    done = weeks(lab, RETURNS + SOLD)

    month = lab.run(RETURNS + SOLD, shorter=tuple(out.folder for out in done))

    assert month.lines("member", "bonus", "evidence", "base", "amount") == [
        ("top", "Match", "earnings of alice in Legs", "17.00", "8.50"),
        ("alice", "Team", "b1", "200.00", "2.00"),
        ("alice", "Team", "c1", "120.00", "1.20"),
        ("alice", "Team", "c2", "50.00", "0.50"),
    ]
    assert month.state() == {}  # no state of the weeks, and no rank


def test_a_week_reads_ranks_that_the_last_month_left_and_writes_none(tmp_path: Path) -> None:
    plan = PLAN_OF_WEEKS.replace('rates   = "10%"', 'rates   = "10%"\nrequires = ["was Star"]')
    lab = Lab(tmp_path, plan, MEMBERS)
    december = tmp_path / "december.csv"
    december.write_text(
        "member,key,value\nalice,rank.paid_as,Star\nalice,Legs.left@2025-12-29,7\nzoe,rank.title,Star\n"
    )

    out = lab.run(RETURNS + SOLD, WEEKS[1], cadence="weekly", state=(december,))

    assert out.lines("member", "base") == [("alice", "120.00")]
    assert out.state() == {("alice", "Legs.left@2026-01-05"): "87.00"}


def test_the_longer_period_may_be_named(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN_OF_WEEKS, MEMBERS)

    out = lab.run(
        RETURNS + SOLD, WEEKS[1], cadence="weekly", so_far_from="2025-12-29", name="named"
    )

    assert out.standing("alice")["PV"] == "560.00"
    assert out.summary["period"]["cadence"] == "weekly"
    assert out.summary["period"]["so_far_from"].startswith("2025-12-29")


def test_a_return_in_a_later_week_is_late_for_the_weeks_and_netted_in_the_month(
    tmp_path: Path,
) -> None:
    """`volume`: the leg has less; nothing that was paid is taken back."""
    sales = RETURNS + SOLD + "r1,bob,2026-01-14,,,0,-180,b1\n"
    lab = Lab(tmp_path, PLAN_OF_WEEKS, MEMBERS)

    done = weeks(lab, sales)
    month = lab.run(sales, shorter=tuple(out.folder for out in done))

    assert done[2].lines() == []  # 150 carried, less 180: nothing to pair
    assert done[2].state() == {
        ("alice", "Legs.left@2026-01-12"): "-30.00",
        ("alice", "Legs.right@2026-01-12"): "50.00",
    }
    assert ("alice", "Team", "b1", "0.20") in month.lines()


LINES_OF_WEEKS = PLAN_OF_WEEKS.replace(
    """kind    = "binary"
cadence = "weekly"
tree    = "binary"
pays_on = "CV"
rates   = "10%\"""",
    """kind    = "unilevel"
cadence = "weekly"
pays_on = "CV"
rates   = ["10%"]
compression = "none\"""",
)


def test_what_a_week_takes_back_of_its_own_month_is_not_matched(tmp_path: Path) -> None:
    sales = RETURNS + SOLD + "r1,bob,2026-01-14,,,0,-180,b1\n"
    lab = Lab(tmp_path, LINES_OF_WEEKS, MEMBERS)

    done = weeks(lab, sales)
    month = lab.run(sales, shorter=tuple(out.folder for out in done))

    assert done[1].lines() == [
        ("alice", "Legs", "b1", "20.00"),
        ("alice", "Legs", "c1", "12.00"),
    ]
    assert done[2].lines("evidence", "base", "amount", "reverses") == [
        ("c2", "50.00", "5.00", ""),
        ("r1", "-180.00", "-18.00", "b1"),
    ]
    # b0 was in the first week, when nobody was active: 20 + 12 + 5 - 18 are matched.
    assert month.lines("member", "bonus", "base", "amount")[0] == ("top", "Match", "19.00", "9.50")


def test_what_a_week_takes_back_of_an_earlier_month_goes_on_to_who_matched_it(
    tmp_path: Path,
) -> None:
    later = SOLD + "t2,top,2026-02-03,,,60,0,\na2,alice,2026-02-03,,,60,0,\n"
    back = (
        "r1,bob,2026-02-04,,,0,-100,b1\n"
        "r2,bob,2026-02-11,,,0,-50,b1\n"
        "r3,bob,2026-03-04,,,0,-50,b1\n"
    )
    sales = RETURNS + later + back
    lab = Lab(tmp_path, LINES_OF_WEEKS, MEMBERS)
    done = weeks(lab, sales)
    january = lab.run(sales, shorter=tuple(out.folder for out in done), name="january")
    folders = tuple(out.folder for out in done)

    def week(period: str, *before: Written) -> Written:
        prior = (*folders, *(out.folder for out in before))
        return lab.run(sales, period, cadence="weekly", prior=prior)

    fifth = week("2026-02-02..2026-02-09")
    sixth = week("2026-02-09..2026-02-16", fifth)
    february = lab.run(
        sales, "2026-02-01..2026-03-01", shorter=(fifth.folder, sixth.folder),
        prior=(january.folder,), name="february",
    )  # fmt: skip
    tenth = week("2026-03-02..2026-03-09", fifth, sixth)
    march = lab.run(
        sales, "2026-03-01..2026-04-01", shorter=(tenth.folder,),
        prior=(january.folder, february.folder), name="march",
    )  # fmt: skip

    assert fifth.lines("member", "bonus", "evidence", "amount") == [
        ("alice", "Legs", "r1", "-10.00")
    ]
    columns = ("member", "bonus", "evidence", "base", "amount", "reverses")
    assert january.lines(*columns)[0] == (
        "top", "Match", "earnings of alice in Legs", "37.00", "18.50", "",
    )  # fmt: skip
    assert [line for line in february.lines(*columns) if line[1] == "Match"] == [
        ("top", "Match", "r1", "-10.00", "-5.00", "earnings of alice in Legs"),
        ("top", "Match", "r2", "-5.00", "-2.50", "earnings of alice in Legs"),
    ]
    assert [line for line in march.lines(*columns) if line[1] == "Match"] == [
        ("top", "Match", "r3", "-5.00", "-2.50", "earnings of alice in Legs")
    ]


def test_volume_that_came_back_in_an_earlier_week_counts_and_is_not_taken_off_again(
    tmp_path: Path,
) -> None:
    plan = PLAN_OF_WEEKS.replace(
        'cadence  = "monthly"', 'cadence  = "monthly"\nlate_returns = "deduct volume"'
    )
    sales = RETURNS + (
        "b0,bob,2025-12-10,,,90,90,\n"
        "b1,bob,2026-01-06,,,60,60,\n"
        "r0,bob,2026-01-07,,,-40,-40,b0\n"
        "c1,carl,2026-01-13,,,0,50,\n"
        "a1,alice,2026-01-06,,,60,0,\n"
    )
    lab = Lab(tmp_path, plan, MEMBERS)
    paid = lab.run(sales, "2025-12-08..2025-12-15", cadence="weekly")

    second = lab.run(
        sales, WEEKS[1], cadence="weekly", prior=(paid.folder,), state=(paid.state_file,)
    )
    third = lab.run(sales, WEEKS[2], cadence="weekly", state=(second.state_file,))

    assert second.standing("bob")["PV"] == "20.00"
    assert second.state() == {
        ("alice", "Legs.left@2025-12-08"): "90.00",
        ("alice", "Legs.left@2026-01-05"): "20.00",
    }
    assert third.standing("bob")["PV"] == "20.00"
    assert third.lines("member", "base") == [("alice", "50.00")]
    assert third.state() == {
        ("alice", "Legs.left@2025-12-08"): "40.00",
        ("alice", "Legs.left@2026-01-05"): "20.00",
    }


def test_a_week_without_late_returns_needs_no_prior_run(tmp_path: Path) -> None:
    out = Lab(tmp_path, PLAN_OF_WEEKS, MEMBERS).run(SALES, WEEKS[0], cadence="weekly")

    assert out.lines() == []
