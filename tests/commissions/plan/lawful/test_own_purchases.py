"""Ranks above the first, and pay, that own purchases alone can reach, however well hidden."""

from itertools import pairwise

import pytest

from tests.commissions.plan.lawful.asking import (
    SOLD,
    TEAM,
    about,
    active,
    only,
    plan,
    rank,
)

RULE = "own-purchases-alone"
ENTRY = rank("Entry", "PV >= 10")
CUSTOMERS = "customers with PV >= 20 are at least 2"
ON_ALL = TEAM.replace("BASE", "CV")


def ranks_reached(*require: str, before: str = "", after: str = "") -> list[str]:
    """Return what is found in a plan whose second rank has these requirements."""
    return about(plan(before, ENTRY, rank("Second", *require), after), RULE)


def pays(requires: str, bonus: str = ON_ALL, before: str = "") -> list[str]:
    """Return what is found in a plan whose only bonus has these requirements."""
    return about(plan(before, bonus, f"requires = [{requires}]\n"), RULE)


def test_the_first_rank_may_be_reached_by_buying() -> None:
    assert about(plan(ENTRY), RULE) == []


def test_a_higher_rank_may_not() -> None:
    finding = only(plan(ENTRY, rank("Second", "GV >= 2000")), RULE)

    assert finding.what == "rank Second"
    assert finding.severity == "refuse"
    assert (finding.line, finding.column) == (12, 1)
    assert finding.path == (
        "Nobody in the whole network sells anything to a customer; everybody only buys.",
        "Anna becomes Second: GV >= 2000 (GV is PV of self and downline; "
        "PV is pv of own and customers' orders).",
    )
    assert "Vemma" in finding.source


def test_pay_on_what_the_downline_buys_for_itself_may_not_be_reached_by_buying() -> None:
    text = plan(active("PV >= 100"), rank("Silver", "active", "GV >= 2000"), ON_ALL)

    assert only(text, RULE).path == (
        "Nobody in the whole network sells anything to a customer; everybody only buys.",
        "Anna is active: PV >= 100 (PV is pv of own and customers' orders).",
        "Anna is paid Team, 5% on level 1 on CV (CV is cv of own and customers' orders).",
    )


def test_customers_that_are_asked_for_keep_the_plan() -> None:
    text = plan(active(CUSTOMERS), ENTRY, rank("Second", "active", "GV >= 2000"), ON_ALL)

    assert about(text, RULE) == []


def test_pay_on_customers_orders_keeps_the_plan_whoever_is_active() -> None:
    assert about(plan(SOLD, active("PV >= 100"), TEAM), RULE) == []


@pytest.mark.parametrize(
    ("volumes", "require"),
    [
        ('LGV = "lifetime GV"', "LGV >= 50000"),
        ("", "lifetime PV >= 500"),
        ('LAST = "GV of the last 3 periods"', "LAST >= 100"),
        ('BEFORE = "GV of the period before"', "BEFORE >= 100"),
        ('GROWTH = "growth of GV"', "GROWTH >= 100"),
        ('SUM = "GV - PV"', "SUM >= 100"),
        ('LEG = "PV of the largest leg"', "LEG >= 100"),
        ('REST = "PV of all but the largest leg"', "REST >= 100"),
        ('GROUP = "PV of self and downline without Entry groups"', "GROUP >= 100"),
        ('NEAR = "PV of levels 2 to 3"', "NEAR >= 100"),
        ('CPV = "PV of compressed orders"', "CPV >= 100"),
        ('FIRST = "pv of own and customers\' first orders"', "FIRST >= 100"),
        ('EV = { of = "PV", at_once = "15", most = "100", draws_to = "50" }', "EV >= 40"),
        ('DP = { of = "GV", levels = ["5%"], who = ["GV >= 10"] }', "DP >= 100"),
        ('HP = { of = "people", levels = ["5"], who = ["PV >= 10"] }', "HP >= 100"),
    ],
)
def test_it_is_found_behind_a_volume(volumes: str, require: str) -> None:
    before = f"\n[volume]\n{volumes}\n"

    assert ranks_reached(require, before=before) == ["rank Second"]
    assert ranks_reached(require, CUSTOMERS, before=before) == []


@pytest.mark.parametrize(
    "require",
    [
        f"({CUSTOMERS} and PV >= 40) or lifetime GV >= 50000",
        f"{CUSTOMERS} or GV >= 1, at most 60% of it from one leg",
        "GV >= 4000, at most 60% of it from one leg",
        "legs with Entry are at least 2",
        "frontline with PV >= 100 and active are at least 3",
        "downline within 3 levels with title Entry are at least 3",
        "Entry in 3 of the 5 periods before",
        "was Entry",
        "months since joining >= 12 and PV >= 10",
    ],
)
def test_it_is_found_behind_a_requirement(require: str) -> None:
    assert ranks_reached(require) == ["rank Second"]


@pytest.mark.parametrize(
    "require",
    [
        "legs with SOLD >= 500 are at least 3",
        "SOLD >= 100 or customers with PV >= 20 are at least 2",
        "SOLD >= 50% of PV', 'PV >= 100",
        "SOLD >= 50% of PV', 'PV >= 100 or SOLD >= 10",
        "frontline with Third are at least 2",
        "DIFFERENCE >= 10",
        "DOWN >= 10",
        "SL >= 10",
    ],
)
def test_customers_orders_are_known_however_they_are_written(require: str) -> None:
    volumes = """
[volume]
SOLD       = "pv of customers' orders"
OWN        = "pv of own orders"
DIFFERENCE = "PV - OWN"
GOWN       = "OWN of self and downline"
DOWN       = "GV - GOWN"

[volume.SL]
of     = "SOLD"
levels = ["5%"]
"""
    second = require.split("', '")
    text = plan(
        volumes, rank("Entry", "PV >= 10"), rank("Second", *second), rank("Third", CUSTOMERS)
    )

    assert about(text, RULE) == []


def test_a_share_of_customers_in_the_group_keeps_the_plan_only_if_the_group_must_buy() -> None:
    volumes = '\n[volume]\nSOLD = "pv of customers\' orders"\nGSOLD = "SOLD of self and downline"\n'

    assert ranks_reached("GSOLD >= 50% of GV", "GV >= 1000", before=volumes) == []
    assert ranks_reached("GSOLD >= 50% of PV", "GV >= 1000", before=volumes) == ["rank Second"]
    assert ranks_reached("GSOLD >= 50% of PV", "PV >= 1000", before=volumes) == []


def test_a_late_return_can_turn_what_is_taken_off_into_more() -> None:
    volumes = SOLD + 'NET = "SOLD - OWN"\nOWN = "pv of own orders"\n'
    late = 'late_returns = "deduct volume"\n'

    assert ranks_reached("NET >= 10", before=volumes) == []
    assert ranks_reached("NET >= 10", before=late + volumes) == ["rank Second"]
    reserve = '[volume.EV]\nof = "NET"\nat_once = "15"\nmost = "100"\ndraws_to = "50"\n'
    assert ranks_reached("EV >= 10", before=volumes + reserve) == []
    assert ranks_reached("EV >= 10", before=late + volumes + reserve) == ["rank Second"]


def test_ranks_that_are_kept_by_buying_are_found_only_if_they_can_be_reached() -> None:
    keep = 'maintain = ["PV >= 10"]\n'

    assert about(plan(ENTRY, rank("Second", CUSTOMERS), keep), RULE) == []
    assert about(plan(ENTRY, rank("Second", "GV >= 10"), keep), RULE) == ["rank Second"]


def test_a_market_with_softer_requirements_is_found_by_itself() -> None:
    softer = '\n[market.JP.rank.Second]\nrequire = ["GV >= 10"]\n'
    (finding,) = [
        finding
        for finding in [only(plan(ENTRY, rank("Second", CUSTOMERS), softer), RULE)]
        if finding.what == "rank Second"
    ]

    assert "in the market JP" in finding.sentence


def test_people_of_another_market_can_bring_a_rank() -> None:
    softer = '\n[market.JP.rank.Entry]\nrequire = ["PV >= 10"]\n'
    text = plan(rank("Entry", CUSTOMERS), rank("Second", "legs with Entry >= 2"), softer)

    assert about(text, RULE) == ["rank Second"]


PERSONAL = '\n[[bonus]]\nname = "Own"\nkind = "personal"\npays_on = "CV"\nrates = "5%"\n'
BINARY = (
    '\n[tree.two]\nkind = "binary"\n[[bonus]]\nname = "Legs"\nkind = "binary"\ntree = "two"\n'
    'pays_on = "CV"\nrates = "5%"\n'
)
POOL = '\n[[bonus]]\nname = "Pool"\nkind = "pool"\nfund = "2% of CV"\nshares = "PV"\n'
STRUCTURE = (
    '\n[[bonus]]\nname = "Shape"\nkind = "structure"\nwidth = 2\nperson = ["PV >= 10"]\n'
    'pays = ["10.00"]\n'
)
REWARD = '\n[[bonus]]\nname = "Prize"\nkind = "reward"\npays = "10.00"\n'
FULL = (
    '\n[tree.grid]\nkind = "matrix"\nwidth = 2\n[[bonus]]\nname = "Full"\nkind = "full-level"\n'
    'tree = "grid"\npays_on = "CV"\nrates = ["5%"]\n'
)
DIFFERENCE = (
    '\n[[bonus]]\nname = "Difference"\nkind = "differential"\npays_on = "CV"\nrates = "5%"\n'
)
INFINITY = '\n[[bonus]]\nname = "Rest"\nkind = "infinity"\npays_on = "CV"\nfrom = 3\nrates = "1%"\n'
GENERATION = (
    '\n[[bonus]]\nname = "Leaders"\nkind = "generation"\npays_on = "CV"\nleaders = ["PV >= 10"]\n'
    'rates = ["5%"]\n'
)
FAST = (
    '\n[[bonus]]\nname = "Fast"\nkind = "fast-start"\npays_on = "CV"\nwithin = "60 days"\n'
    'rates = ["5%"]\n'
)
KINDS = [
    ON_ALL, PERSONAL, BINARY, POOL, STRUCTURE, REWARD, FULL, DIFFERENCE, INFINITY, GENERATION, FAST
]  # fmt: skip


@pytest.mark.parametrize("bonus", KINDS)
def test_every_kind_of_bonus_is_found_and_is_kept_by_customers(bonus: str) -> None:
    assert len(pays("", bonus)) == 1
    assert pays(f'"{CUSTOMERS}"', bonus) == []


def test_retail_is_never_paid_without_a_customer() -> None:
    assert pays("", PERSONAL.replace("personal", "retail")) == []


def test_a_reward_for_each_rank_up_to_the_own_one_is_found_by_the_higher_rank() -> None:
    once = REWARD.replace('"10.00"', '{ Seller = "10.00" }') + 'when = "once"\n'
    seller, buyer = rank("Seller", CUSTOMERS), rank("Buyer", "PV >= 10")

    assert about(plan(seller, buyer, once), RULE) == ["rank Buyer", "bonus Prize"]
    assert about(plan(buyer, seller, once), RULE) == []


def test_a_match_is_found_if_what_it_matches_is() -> None:
    match = '\n[[bonus]]\nname = "Match"\nkind = "matching"\nof = ["Team"]\nrates = ["10%"]\n'

    assert about(plan(ON_ALL, match), RULE) == ["bonus Team", "bonus Match"]
    assert about(plan(SOLD, TEAM, match), RULE) == []


@pytest.mark.parametrize(
    "cap",
    [
        'cap = { total = "5% of SOLD" }\n',
        'cap = { total = "0.00" }\n',
        'cap = { per_earner = "0.00" }\n',
        '[cap]\npayout = "40% of BASE"\n',
    ],
)
def test_a_limit_that_leaves_nothing_without_customers_keeps_the_plan(cap: str) -> None:
    assert about(plan(SOLD, ON_ALL, cap), RULE) == []


def test_what_the_plans_cap_takes_off_is_matched_all_the_same() -> None:
    match = '\n[[bonus]]\nname = "Match"\nkind = "matching"\nof = ["Team"]\nrates = ["10%"]\n'
    cap = '[cap]\npayout = "40% of BASE"\ninside = ["Team"]\n'

    assert about(plan(SOLD, ON_ALL, match, cap), RULE) == ["bonus Match"]
    assert about(plan(SOLD, ON_ALL, match, cap.split("inside")[0]), RULE) == []


def test_a_limit_on_other_bonuses_does_not() -> None:
    other = PERSONAL.replace("personal", "retail")
    cap = '[cap]\npayout = "40% of BASE"\ninside = ["Own"]\n'

    assert about(plan(SOLD, ON_ALL, other, cap), RULE) == ["bonus Team"]


def test_rates_only_for_who_has_customers_keep_the_plan() -> None:
    by_rank = ON_ALL.replace('["5%", "5%"]', '{ Second = ["5%"] }')
    by_sold = ON_ALL.replace('["5%", "5%"]', '{ "100" = ["5%"] }\nrates_by = "SOLD"')
    by_group = ON_ALL.replace('["5%", "5%"]', '{ "100" = ["5%"] }\nrates_by = "GV"')

    assert about(plan(ENTRY, rank("Second", CUSTOMERS), by_rank), RULE) == []
    assert about(plan(SOLD, by_sold), RULE) == []
    assert about(plan(by_group), RULE) == ["bonus Team"]


def test_a_title_that_falls_through_lower_ranks_is_found() -> None:
    ranks = (ENTRY, rank("Second", CUSTOMERS), rank("Third", "GV >= 10"))
    title = '\n[ranks]\ntitle = "window"\nmet = 2\nof = 3\nfalls = "one step"\n'
    by_title = ON_ALL.replace('["5%", "5%"]', '{ Second = ["5%"], Third = [] }\nrates_by = "title"')

    assert about(plan(*ranks, title, by_title), RULE) == ["rank Third", "bonus Team"]


def test_a_long_chain_of_ranks_or_volumes_is_looked_at_to_its_end() -> None:
    ranks = [rank("R0", "PV >= 1")]
    ranks += [rank(f"R{n}", f"legs with R{n - 1} are at least 2") for n in range(1, 150)]
    names = ["PV", *(f"L{n}" for n in range(60))]
    levels = [
        f'\n[volume.{name}]\nof = "people"\nlevels = ["1"]\nwho = ["{inner} >= 1"]\n'
        for inner, name in pairwise(names)
    ]

    assert about(plan(*ranks), RULE) == [f"rank R{n}" for n in range(1, 150)]
    assert about(plan(*levels, ENTRY, rank("Second", "L59 >= 1")), RULE) == ["rank Second"]
