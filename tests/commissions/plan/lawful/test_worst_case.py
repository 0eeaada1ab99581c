"""The most that all bonuses together can pay of a sale, and what markets allow."""

from fractions import Fraction

import pytest

from commissions.plan.lawful.review import review
from tests.commissions.plan.lawful.asking import about, active, found, only, plan, rank

RULE = "worst-case-payout"
VOLUMES = """
[volume]
SOLD  = "cv of customers' orders"
OWN   = "cv of own orders"
FIRST = "cv of customers' first orders"
NEW   = "cv of own and customers' orders within 60 days of joining"
"""
RANKS = rank("Bronze", "PV >= 10") + rank("Silver", "PV >= 20")


def bonus(name: str, kind: str, *keys: str) -> str:
    """Return a bonus."""
    lines = "\n".join(keys)
    return f'\n[[bonus]]\nname = "{name}"\nkind = "{kind}"\n{lines}\n'


def unilevel(rates: str, *keys: str, name: str = "Team", on: str = "CV") -> str:
    """Return a unilevel."""
    return bonus(
        name, "unilevel", f'pays_on = "{on}"', 'compression = "none"', f"rates = {rates}", *keys
    )


def binary(*keys: str) -> str:
    """Return a binary and its tree."""
    return '\n[tree.two]\nkind = "binary"\n' + bonus(
        "Legs", "binary", 'tree = "two"', 'pays_on = "CV"', *keys
    )


def worst(*parts: str) -> str:
    """Return the worst case of a plan with these parts, in words."""
    return str(review(plan(VOLUMES, RANKS, *parts), "lab").worst_case)


ORDER = "a customer's order"
ON = 'pays_on = "CV"'
OF = 'of = ["Team"]'
BY_SELLER = 'rates_by = "seller\'s paid-as"'


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([unilevel('["10%", "5%"]')], "15% of a customer's order: Team 15%"),
        (
            [unilevel('{ Bronze = ["6%"], Silver = ["5%", "3%"] }')],
            "9% of a customer's order: Team 9%",
        ),
        (
            [unilevel('{ Bronze = ["6%"], Silver = ["5%", "3%"] }', BY_SELLER)],
            "8% of a customer's order: Team 8%",
        ),
        ([unilevel('["10%"]', 'part = "40%"')], "4% of a customer's order: Team 4%"),
        ([unilevel('["10.00"]')], "no limit: Team no limit"),
        (
            [bonus("A", "differential", ON, 'rates = { Bronze = "5%", Silver = "9%" }')],
            "9% of a customer's order: A 9%",
        ),
        (
            [bonus("A", "infinity", 'pays_on = "CV"', "from = 3", 'rates = "1.5%"')],
            "1.5% of a customer's order: A 1.5%",
        ),
        (
            [
                bonus(
                    "A", "generation", 'pays_on = "CV"', 'leaders = ["Bronze"]',
                    'rates = { Bronze = ["4%"], Silver = ["3%", "2%"] }', 'own_group = "7%"',
                )
            ],
            "13% of a customer's order: A 13%",
        ),
        (
            [
                bonus(
                    "A", "generation", 'pays_on = "CV"', 'leaders = "rank of the earner"',
                    'rates = { Bronze = ["4%"], Silver = ["3%", "2%"] }',
                )
            ],
            "9% of a customer's order: A 9%",
        ),
        (
            [unilevel('["10%"]'), bonus("M", "matching", OF, 'rates = ["50%", "20%"]')],
            "17% of a customer's order: Team 10%, M 7%",
        ),
        (
            [
                unilevel('["10%"]'),
                bonus("M", "matching", 'of = ["Team"]', 'rates = ["50%"]'),
                bonus("N", "matching", 'of = ["Team", "M"]', 'rates = ["10%"]'),
            ],
            "16.5% of a customer's order: Team 10%, M 5%, N 1.5%",
        ),
        ([binary('rates = "10%"')], "no limit: Legs no limit"),
        ([binary('rates = "10%"', 'cap = { per_earner = "9.00" }')], "no limit: Legs no limit"),
        ([binary('rates = "10%"', 'cap = { total = "12% of CV" }')], f"12% of {ORDER}: Legs 12%"),
        (
            [binary('rates = "10%"'), '\n[cap]\npayout = "40% of CV"\n'],
            f"40% of {ORDER}: Legs no limit; the plan's cap leaves 40%",
        ),
        (
            [unilevel('["10%"]'), '\n[cap]\npayout = "40% of CV"\n'],
            f"10% of {ORDER}: Team 10%",
        ),
        (
            [bonus("P", "pool", 'fund = "2% of CV"', 'shares = "PV"')],
            f"2% of {ORDER}: P 2%",
        ),
        (
            [bonus("P", "pool", 'fund = "2% of GV"', 'shares = "PV"')],
            "no limit: P no limit",
        ),
        (
            [bonus("P", "pool", 'fund = "4% of CV"', 'shares = "PV"', 'places = ["50%", "25%"]')],
            f"3% of {ORDER}: P 3%",
        ),
        ([bonus("R", "reward", 'pays = "10.00"')], "no limit: R no limit"),
        (
            [bonus("S", "structure", "width = 2", 'person = ["PV >= 10"]', 'pays = ["9.00"]')],
            "no limit: S no limit",
        ),
        (
            [bonus("A", "retail", 'pays_on = "CV"', 'tiers = { "10" = "9%", "90" = "20%" }')],
            f"20% of {ORDER}: A 20%",
        ),
        (
            [
                bonus(
                    "A", "retail", 'pays_on = "CV"', 'tiers_by = "sale"',
                    'tiers = { "10" = "1.00", "100" = "25.00" }',
                )
            ],
            f"25% of {ORDER}: A 25%",
        ),
        (
            [bonus("A", "retail", 'pays_on = "CV"', 'tiers = { "10" = "1.00", "100" = "25.00" }')],
            "no limit: A no limit",
        ),
        ([], "nothing"),
    ],
)  # fmt: skip
def test_each_kind_is_bounded_as_its_rates_and_caps_allow(parts: list[str], words: str) -> None:
    assert worst(*parts) == words


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([unilevel('["9%"]', on="SOLD"), unilevel('["7%"]', name="B", on="OWN")],
         f"9% of {ORDER}: Team 9%"),
        ([unilevel('["9%"]', on="FIRST"), unilevel('["7%"]', name="B")],
         "16% of a customer's first order: Team 9%, B 7%"),
        ([unilevel('["9%"]', on="NEW"), unilevel('["7%"]', name="B")],
         "16% of a customer's order within 60 days of joining: Team 9%, B 7%"),
        ([bonus("F", "fast-start", 'pays_on = "CV"', 'within = "1 month"', 'rates = ["9%"]'),
          unilevel('["7%"]', name="B")],
         "16% of a customer's order within 1 month of joining: F 9%, B 7%"),
        ([bonus("A", "retail", 'pays_on = "CV"', 'rates = "9%"'), unilevel('["7%"]', on="OWN")],
         f"9% of {ORDER}: A 9%"),
    ],
)  # fmt: skip
def test_bonuses_on_different_sales_do_not_add_up(parts: list[str], words: str) -> None:
    assert worst(*parts) == words


def test_what_nobody_can_ever_be_paid_counts_for_nothing() -> None:
    never = unilevel('["50%"]', 'requires = ["customers with SOLD >= 1 are at least 1"]', on="OWN")

    assert (
        worst(never.replace("SOLD >= 1", "FIRST >= 1"))
        == "50% of a distributor's own order: Team 50%"
    )
    assert worst(unilevel('{ Bronze = [], Silver = ["9%"] }')) == f"9% of {ORDER}: Team 9%"


def test_a_cap_holds_for_each_rhythm_by_itself() -> None:
    weekly = unilevel('["30%"]', 'cadence = "weekly"', name="Weekly")
    cap = '\n[cap]\npayout = "20% of CV"\n'

    assert review(plan(unilevel('["30%"]'), cap), "lab").worst_case.share == Fraction(20, 100)
    assert review(plan(unilevel('["30%"]'), weekly, cap), "lab").worst_case.share == Fraction(
        40, 100
    )


def test_a_cap_of_several_rhythms_that_leaves_too_much_is_told_to_be_of_each() -> None:
    weekly = unilevel('["90%"]', 'cadence = "weekly"', name="Weekly")
    cap = '\n[cap]\npayout = "60% of CV"\n'

    finding = only(plan(unilevel('["90%"]'), weekly, cap), RULE)

    assert finding.sentence == "What all bonuses pay together can come to 120%; the most is 100%."
    assert finding.path[-1] == "The plan's cap holds for each of its 2 rhythms by itself."


def test_more_than_there_is_is_refused() -> None:
    assert about(plan(unilevel('["60%", "40%"]')), RULE) == []

    finding = only(plan(unilevel('["60%", "40%", "1%"]')), RULE)
    assert finding.sentence == "What all bonuses pay together can come to 101%; the most is 100%."
    assert finding.path == ("Team pays 101% of a customer's order.",)
    assert about(plan(unilevel('["60%", "40%", "1%"]')), RULE, "lab") == []


def test_no_limit_is_refused_until_a_cap_gives_one() -> None:
    assert only(plan(binary('rates = "1%"')), RULE).path == ("Legs pays without a limit.",)
    assert about(plan(binary('rates = "1%"'), '\n[cap]\npayout = "40% of CV"\n'), RULE) == []


@pytest.mark.parametrize(
    ("market", "inside", "outside", "words"),
    [
        ("VN", "40%", "41%", "Vietnam"),
        ("KR", "35%", "36%", "recalled, not confirmed"),
        ("CN", "30%", "31%", "China"),
    ],
)
def test_a_market_has_its_own_limit(market: str, inside: str, outside: str, words: str) -> None:
    kept = plan(unilevel(f'["{inside}"]'))
    broken = plan(unilevel(f'["{outside}"]'))

    assert about(kept, RULE, markets=(market,)) == []
    assert about(broken, RULE) == []
    finding = only(broken, RULE, markets=(market,))
    assert words in finding.sentence
    assert finding.market == market
    assert f"market {market} 1 of" in finding.profile


def test_a_plans_own_rates_for_a_market_are_what_its_limit_is_about() -> None:
    rates = '\n[market.VN.bonus.Team]\nrates = ["40%"]\n'

    assert about(plan(unilevel('["60%"]'), rates), RULE) == []
    assert about(plan(unilevel('["60%"]'), rates.replace("40", "41")), RULE) == ["the plan"]


LEVELS = "levels-above-limit"
SOLD = '\n[volume]\nSOLD = "cv of customers\' orders"\n'


@pytest.mark.parametrize(
    ("parts", "breaks"),
    [
        ([bonus("A", "retail", 'pays_on = "CV"', 'rates = "20%"')], False),
        ([unilevel('["20%"]', on="SOLD")], False),
        ([unilevel('["20%"]')], True),
        ([unilevel('["20%", "1%"]', on="SOLD")], True),
        ([unilevel('["20%"]', 'owner = "is left out"', on="SOLD")], True),
        ([bonus("A", "differential", 'pays_on = "SOLD"', 'rates = "5%"')], True),
        ([bonus("A", "reward", 'requires = ["SOLD >= 10"]', 'pays = "5.00"')], False),
        ([bonus("A", "reward", 'requires = ["GV >= 10"]', 'pays = "5.00"')], True),
        ([unilevel('["20%"]'), '\n[market.CN]\nleave_out = ["Team"]\n'], False),
    ],
)
def test_a_market_of_one_level_pays_sellers_only(parts: list[str], *, breaks: bool) -> None:
    assert bool(about(plan(SOLD, *parts), LEVELS, markets=("CN",))) == breaks
    assert about(plan(SOLD, *parts).replace("CN", "VN"), LEVELS) == []


def test_a_market_that_is_not_known_is_said() -> None:
    text = plan(active("PV >= 10"))

    assert only(text, "market-unknown", markets=("ZZ",)).severity == "warn"
    assert found(text, "market-unknown", markets=("VN", "US")).findings == ()
