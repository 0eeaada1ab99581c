"""Why, on the command line: what is said of a sale and of a member, and what cannot be asked."""

from pathlib import Path

import pytest

from commissions.lab.__main__ import main

PLAN = """
name     = "Both"
currency = "USD"
cadence  = "monthly"

[tree.legs]
kind = "binary"
fill = "breadth-first"

[active]
require = ["customers with PV >= 20 are at least 1"]

[[bonus]]
name        = "Levels"
kind        = "unilevel"
pays_on     = "CV"
compression = "inactive"
rates       = ["10%", "5%"]
cap         = { per_earner = "25.00" }

[[bonus]]
name        = "Gift"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = ["1.00"]

[[bonus]]
name             = "Legs"
kind             = "binary"
tree             = "legs"
pays_on          = "CV"
rates            = "10%"
while_unqualified = "lose both"

[[bonus]]
name        = "Match"
kind        = "matching"
of          = ["Levels"]
compression = "inactive"
rates       = ["20%"]
"""
MEMBERS = """\
id,sponsor,role,joined_at
alice,,distributor,2025-01-10
bob,alice,distributor,2025-02-01
carl,bob,distributor,2025-02-01
ann,alice,customer,2025-03-01
cam,carl,customer,2025-03-01
"""
SALES = """\
id,member,at,purpose,amount,pv,cv
a,ann,2026-01-05,,60.00,50,40
c,cam,2026-01-20,,500.00,450,300
old,cam,2025-12-20,,500.00,450,300
none,bob,2026-01-20,,5.00,5,0
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    found = []
    for name, text in (("plan.toml", PLAN), ("members.csv", MEMBERS), ("sales.csv", SALES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found.append(str(tmp_path / name))
    plan, members, sales = found
    return [
        plan, "--members", members, "--sales", sales, "--period", "2026-01-01..2026-02-01",
        "--out", str(tmp_path / "out"),
    ]  # fmt: skip


def test_everything_that_became_of_a_sale_is_said(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*files, "--explain", "c", "--explain", "none"])

    assert status == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Sale c:",
        "  Levels: carl level 1: paid 30.00, 10% of 300.00",
        "  Levels: bob level 2: inactive (is not active in this period), skipped; "
        "alice was paid it",
        "  Levels: alice level 2: paid 15.00, 5% of 300.00",
        "  Levels: carl: cap: Cap on Levels, per_earner: 25.00 of 30.00 is paid",
        "  Gift: carl level 1: paid 1.00, on 300.00",
        "  Legs: bob left leg: counted 300.00, because inactive",
        "  Legs: bob left leg: lost 300.00, because inactive",
        "  Legs: alice left leg: counted 300.00",
        "  Legs: alice left leg: carried 300.00",
        "  Match on earnings of carl: bob level 1: inactive (is not active in this period), "
        "skipped; alice was paid it",
        "  Match on earnings of carl: alice level 1: paid 5.00, 20% of 25.00",
        "Sale none:",
        "  It pays nobody, and nobody is met.",
    ]


def test_what_reached_a_member_and_was_not_paid_is_said(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*files, "--missed", "bob", "--missed", "carl", "--missed", "alice"])

    assert capsys.readouterr().out.splitlines()[1:] == [
        "What reached bob and was not paid:",
        "  Levels level 2: inactive (is not active in this period), skipped; "
        "alice was paid it: 300.00, of c",
        "  Legs: lost (loses it, since it was not to be paired), because inactive: 300.00",
        "  Match level 1: inactive (is not active in this period), skipped; "
        "alice was paid it: 25.00, of earnings of carl",
        "What reached carl and was not paid:",
        "  Cap on Levels: cap: per_earner: 25.00 of 30.00 is paid",
        "What reached alice and was not paid:",
        "  Nothing.",
    ]


def test_sales_and_members_who_are_not_there_are_refused_and_nothing_is_written(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*files, "--explain", "old", "--explain", "x", "--missed", "ann"])

    assert status == 2
    assert capsys.readouterr().err.splitlines() == [
        '--explain: "old" is no sale that this run looks at',
        '--explain: "x" is no sale that this run looks at',
        '--missed: "ann" is no distributor of this network',
        "3 problems; nothing was written.",
    ]
    assert not Path(files[-1]).exists()
