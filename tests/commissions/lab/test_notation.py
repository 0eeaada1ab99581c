"""The notation of `[[example]]`: every word that the language page has for it."""

from pathlib import Path

import pytest

from commissions.lab.examples import example_problems
from tests.commissions.lab.files import PLAN

TEAM = """
[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = ["10%", "5%"]
"""


def example(plan: str, **texts: str) -> str:
    """Return a plan with one example; `pays` is nothing if it is left out."""
    found = [plan, '[[example]]\nname = "It"\n']
    for key, text in {"pays": "", **texts}.items():
        found.append(f'{key} = """\n{text}"""\n' if key not in {"period", "cadence"} else
                     f'{key} = "{text}"\n')  # fmt: skip
    return "".join(found)


def wrong(plan: str, **texts: str) -> list[str]:
    return [mistake.problem for mistake in example_problems(example(plan, **texts))]


def test_the_indent_says_who_sponsors_whom() -> None:
    network = "top\n   a\n     b\n     c\n   d\n     e\nother\n"
    sales = "b: b\nc: c, cv 10\ne: e, pv 5, cv 20\no: other 1 1\n"
    pays = "a <- c: 1.00\ntop <- c: 0.50\nd <- e: 2.00\ntop <- e: 1.00\n"

    assert wrong(PLAN + TEAM, network=network, sales=sales, pays=pays) == []


def test_lines_that_are_empty_or_begin_with_a_hash_do_not_count() -> None:
    network = "\n# who is there\na\n\n   # below\n  b\n"
    sales = "# what was bought\nb1: b 10 10\n"
    standings = "\n# nobody else\na GV 10\n"

    assert wrong(PLAN, network=network, sales=sales, standings=standings) == []


@pytest.mark.parametrize(
    ("status", "paid"),
    [
        ("active", True), ("reinstated", True), ("suspended", True), ("deceased", True),
        ("lapsed", False), ("applicant", False), ("terminated", False),
    ],
)  # fmt: skip
def test_a_status(status: str, paid: bool) -> None:  # noqa: FBT001 - a case of the table
    problems = wrong(
        PLAN + TEAM, network=f"a {status}\n  b\n", sales="s: b 10 10\n", pays="a: 1.00\n"
    )

    assert problems == ([] if paid else ["a is paid nothing, the example says 1.00."])


def test_everything_else_that_can_be_said_of_a_member() -> None:
    plan = (
        PLAN
        + """
[active]
require = ["months since joining >= 3"]

[[rank]]
name    = "Two Star"
require = ["PV >= 1000"]
"""
        + TEAM.replace('["10%", "5%"]', '{ "Two Star" = ["10%"] }').replace(
            "none", 'none"\ntree = "enroller"\npaid_to = "everybody'
        )
        + 'cap = { per_holder = "4.00" }\n'
        + '[market.JP.active]\nrequire = ["months since joining >= 2"]\n'
    )
    network = (
        "top\n"
        "  a rank Two Star, joined 2025-11-30T23:00, market JP, holder h1\n"
        "  b rank Two Star, joined 2025-11-30, holder h1\n"
        "  c suspended, enroller a, holder h2\n"
        "  d enroller b\n"
        "  e customer\n"
    )
    sales = "c1: c 0 30\nd1: d 0 50\ne1: e 0 10\n"
    standings = "a active, qualified none, rank Two Star, title none\nb inactive, rank Two Star\n"
    pays = "a Team: 3.00\na Cap on Team: -1.50\nb Team: 5.00\nb Cap on Team: -2.50\n"

    assert wrong(plan, network=network, sales=sales, standings=standings, pays=pays) == []


def test_places_in_placement_trees() -> None:
    plan = (
        PLAN
        + """
[tree.binary]
kind = "binary"

[tree.matrix]
kind  = "matrix"
width = 3

[tree.mentor]
kind = "free"

[volume]
LEFT  = "PV of the left leg in binary"
FIRST = "PV of level 1 in matrix"
BELOW = "PV of downline in mentor"
"""
    )
    network = (
        "a binary top, matrix top, mentor top\n"
        "  b binary a left, matrix a 2, mentor c\n"
        "  c binary a right, matrix a 3, mentor a\n"
    )
    standings = "a LEFT 1, FIRST 3, BELOW 3.00\nc LEFT 0, BELOW 1\n"

    assert wrong(plan, network=network, sales="b1: b 1 0\nc1: c 2 0\n", standings=standings) == []


def test_numbers_of_members_are_in_the_order_of_the_lines() -> None:
    """Two equal shares of 0.01: the unit goes to the lower number."""
    plan = PLAN + (
        '[[bonus]]\nname = "Pool"\nkind = "pool"\nfund = "1% of CV"\nshares = "PV"\n'
        'requires = ["PV >= 1"]\n'
    )

    problems = wrong(plan, network="z\na\n", sales="z1: z 1 1\na1: a 1 0\n", pays="z Pool: 0.01\n")

    assert problems == []


def test_everything_that_can_be_said_of_a_sale() -> None:
    plan = (
        PLAN
        + """
[volume]
FIRST = "sv of customers' first orders"
LATER = "sv of customers' later orders"
SOON  = "pv of own orders within 2 months of joining"
MONEY = "amount of own orders"
"""
    )
    network = "a\n  bob joined 2025-12-20\n  zoe customer\n"
    sales = (
        "s1: customer ann of bob 10 5, at 2026-01-20, sv 30, order 77\n"
        "s2: customer ann of bob, at 2026-01-20T10:00, order 77, sv 2.5\n"
        "s3: customer ann of bob, at 2026-01-21, sv 7\n"
        "s4: customer zoe of a, sv 1, cv 4\n"
        "s5: zoe 5 5, at 2026-01-02\n"
        "s6: bob, pv 100, stock\n"
        "s7: bob 3 3, amount 120.00, at 2026-01-31T23:59\n"
        "r1: returns s6 -40 0\n"
        "r2: returns s6, pv -10, at 2026-01-09\n"
    )
    standings = (
        "bob FIRST 32.50, LATER 7, SOON 53, MONEY 120, PV 63\na FIRST 1, PV 5, CV 9, MONEY 0\n"
    )

    assert wrong(plan, network=network, sales=sales, standings=standings) == []


def test_state_and_what_is_carried() -> None:
    plan = (
        PLAN
        + """
[tree.two]
kind = "binary"

[volume]
LIFE = "lifetime PV"

[[rank]]
name    = "Two Star"
require = ["LIFE >= 100"]

[[bonus]]
name    = "Both legs"
kind    = "binary"
tree    = "two"
pays_on = "CV"
rates   = "10%"
"""
    )
    problems = wrong(
        plan,
        network="a two top\n  b two a left\n  c two a right\n",
        state=(
            "a lifetime.PV 100\na rank.paid_as Two Star\na Both legs.left@2025-11-01 12.50\n"
            "zoe lifetime.PV 3\n"
        ),
        sales="c1: c 10 10\n",
        standings="a LIFE 100, rank Two Star\n",
        pays="a Both legs: 1.00\n",
        carries=(
            "a lifetime.PV 100.00\na rank.title Two Star\na Both legs.left@2025-11-01 2.5\n"
            "c lifetime.PV 10\nzoe lifetime.PV 3\n"
        ),
    )

    assert problems == []


def test_pays_may_be_as_narrow_as_one_likes() -> None:
    plan = (
        PLAN
        + TEAM
        + TEAM.replace("Team", "Team level 2")
        + ('[cap]\npayout = "1.00"\n[[deduction]]\nname = "Tax: state"\nrate = "10%"\n')
    )
    network, sales = "top\n  a\n    b\n", "b1: b 0 20\nb2: b 0 20\n"
    narrow = (
        "a <- b1 Team level 1 10%: 2.00\n"
        "a <- b2 Team level 1 10%: 2.00\n"
        "a <- b1 Team level 2: 2.00\n"
        "a Team level 2 level 1 10%: 4.00\n"
        "top Team level 2: 2.00\n"
        "top Team: 2.00\n"
        "top Team level 2 level 2: 2.00\n"
        "a Payout cap: -7.33\n"
        "top Payout cap: -3.67\n"
        "a Tax: state: -0.07\n"
        "top Tax: state: -0.03\n"
    )

    assert wrong(plan, network=network, sales=sales, pays="a: 0.60\ntop: 0.30\n") == []
    assert wrong(plan, network=network, sales=sales, pays=narrow) == []


def test_a_requirements_count() -> None:
    plan = PLAN + (
        '[[rank]]\nname = "One"\nrequire = ["customers with PV >= 40 are at least 2", '
        '"GV >= 100, at most 50% of it from one leg", "months since joining >= 1"]\n'
    )
    standings = (
        "a customers with PV >= 40 = 1, GV >= 100, at most 50% of it from one leg = 90,"
        " months since joining = 12, rank none\n"
    )

    problems = wrong(
        plan,
        network="a\n  b\n",
        sales="s1: customer x of a 40 0\ns2: b 70 0\n",
        standings=standings,
    )

    assert problems == []


@pytest.mark.parametrize(
    ("cadence", "inside", "outside"),
    [
        ("daily", "2026-01-01T23:59", "2026-01-02"),
        ("weekly", "2026-01-11", "2026-01-04"),
        ("four-weekly", "2026-02-01", "2026-02-02"),
        ("semi-monthly", "2026-01-15", "2026-01-16"),
        ("monthly", "2026-01-31", "2026-02-01"),
        ("quarterly", "2026-03-31", "2026-04-01"),
        ("yearly", "2026-12-31", "2025-12-31"),
    ],
)
def test_the_usual_period_is_of_the_cadence(cadence: str, inside: str, outside: str) -> None:
    plan = PLAN.replace("monthly", cadence)
    sales = f"s1: a 1 0, at {inside}\ns2: a 2 0, at {outside}\ns3: a 4 0\n"

    assert wrong(plan, network="a\n", sales=sales, standings="a PV 5\n") == []


def test_another_period_and_a_shorter_rhythm() -> None:
    plan = PLAN + TEAM.replace('"none"', '"none"\ncadence = "weekly"\nrequires = ["PV >= 10"]')
    network = "a\n  b\n"
    sales = "a1: a 10 0, at 2026-02-03\nb1: b 0 10, at 2026-02-03\nb2: b 0 20, at 2026-02-10\n"

    month = wrong(plan, network=network, sales=sales, period="2026-02-01..2026-03-01")
    week = wrong(
        plan,
        network=network,
        sales=sales,
        cadence="weekly",
        period="2026-02-09..2026-02-16",
        standings="a PV 10\n",
        pays="a <- b2 Team level 1 10%: 2.00\n",
    )
    usual = wrong(
        plan,
        network=network,
        sales=sales.replace("2026-02", "2026-01"),
        cadence="weekly",
        standings="a PV 10\n",
        pays="a: 2.00\n",
    )

    assert (month, week, usual) == ([], [], [])


def test_a_return_of_an_earlier_sale_reaches_volumes_and_legs_and_takes_back_nothing() -> None:
    plan = (
        PLAN
        + 'late_returns = "deduct volume"\n[tree.two]\nkind = "binary"\n'
        + TEAM
        + '[[bonus]]\nname = "Legs"\nkind = "binary"\ntree = "two"\npays_on = "CV"\nrates = "10%"\n'
    )

    problems = wrong(
        plan,
        network="a two top\n  b two a left\n",
        state="a Legs.left@2025-12-01 50\n",
        sales="s1: customer ann of b 30 30, at 2025-12-05\nr1: returns s1 -10 -20\n",
        standings="b PV -10, CV -20\n",
        carries="a Legs.left@2025-12-01 30\n",
    )

    assert problems == []


def test_the_example_of_the_page_is_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "plan-language.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in page.split("```toml\n")[1:]]
    block = next(block for block in blocks if 'name     = "Two levels"' in block)

    assert example_problems(block) == []
    assert len(example_problems(block.replace("5.00", "4.00"))) == 1
