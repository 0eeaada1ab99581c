"""Who is paid on the sales of others serves customers, and does not buy to qualify."""

import pytest

from tests.commissions.plan.lawful.asking import SOLD, TEAM, about, active, found, only, plan, rank

MISSING = "customers-missing"
BUYING = "buying-to-qualify"
NEW = "newcomers-own-orders"
TEN = "customers with SOLD >= 20 are at least 10"
THREE = "(months since joining < 3 and customers with SOLD >= 20 are at least 3)"
RETAIL = '\n[[bonus]]\nname = "Retail"\nkind = "retail"\npays_on = "BASE"\nrates = "20%"\n'


def team(*requires: str, more: str = "") -> str:
    """Return a plan with a unilevel on customers' orders and these requirements."""
    phrases = ", ".join(f'"{phrase}"' for phrase in requires)
    return plan(SOLD, TEAM, f"requires = [{phrases}]\n", more)


@pytest.mark.parametrize(
    ("requires", "customers"),
    [
        ((), "no customer of one's own"),
        (("PV >= 100",), "no customer of one's own"),
        (("SOLD >= 100",), "1 customer"),
        (("customers with SOLD >= 20 are at least 2",), "2 customers"),
        (("customers with SOLD >= 20 are at least 9",), "9 customers"),
        ((f"{TEN} or lifetime SOLD >= 1000",), "no customer of one's own"),
    ],
)
def test_fewer_customers_than_ten_are_said_and_in_strict_refused(
    requires: tuple[str, ...], customers: str
) -> None:
    assert f"With {customers} in the period" in only(team(*requires), MISSING).sentence
    assert only(team(*requires), MISSING).severity == "warn"
    assert only(team(*requires), MISSING, "strict").severity == "refuse"
    assert "Amway" in only(team(*requires), MISSING).source


@pytest.mark.parametrize(
    "requires",
    [
        (TEN,),
        (f"{TEN} or {THREE}",),
        ("customers with SOLD >= 100 are at least 12", "PV >= 100"),
    ],
)
def test_ten_customers_or_three_while_new_keep_the_plan(requires: tuple[str, ...]) -> None:
    assert about(team(*requires), MISSING, "strict") == []


@pytest.mark.parametrize(
    "newcomers",
    [
        THREE.replace("at least 3", "at least 2"),
        THREE.replace("< 3", "< 4"),
        "days since joining < 90",
    ],
)
def test_newcomers_have_three_customers_for_three_months(newcomers: str) -> None:
    assert about(team(f"{TEN} or {newcomers}"), MISSING, "strict") == ["pay on others' sales"]


def test_pay_on_ones_own_customers_asks_for_no_number_of_them() -> None:
    prize = (
        '\n[[bonus]]\nname = "Prize"\nkind = "reward"\npays = "9.00"\nrequires = ["SOLD >= 9"]\n'
    )

    assert about(plan(SOLD, RETAIL, prize), MISSING) == []


def test_a_rank_once_reached_does_not_stand_for_customers_now() -> None:
    by_rank = TEAM.replace('["5%", "5%"]', '{ Silver = ["5%", "5%"] }')
    text = plan(SOLD, rank("Silver", TEN), by_rank)

    assert about(text, MISSING) == []
    assert about(text + 'rates_by = "title"\n', MISSING) == ["pay on others' sales"]
    assert about(text + 'rates_by = "title"\nrequires = ["Silver"]\n', MISSING) == []
    assert about(text.replace("[[bonus]]", "[ranks]\ngrace = 1\n[[bonus]]"), MISSING) == [
        "pay on others' sales"
    ]


@pytest.mark.parametrize(
    ("volume", "buys"),
    [
        ("pv of own and customers' orders", True),
        ("pv of own orders", True),
        ("pv of customers' orders", False),
        ("GV - OWN", False),
        ("PV of self and downline", True),
        ("PV of downline", False),
        ("lifetime PV", True),
        ("PV of compressed orders", True),
        ("GV of the period before", True),
        ("PV of the weaker leg in two", False),
    ],
)
def test_volumes_with_own_orders_are_bought_to_qualify(volume: str, *, buys: bool) -> None:
    text = plan(
        f'\n[tree.two]\nkind = "binary"\n[volume]\nASKED = "{volume}"\nOWN = "pv of own orders"\n',
        rank("Silver", "ASKED >= 100"),
    )

    assert about(text, BUYING) == (["rank Silver"] if buys else [])
    if buys:
        assert only(text, BUYING).severity == "warn"
        assert only(text, BUYING, "strict").severity == "refuse"


def test_a_volume_is_said_once_with_all_who_ask_for_it() -> None:
    text = plan(
        active("PV >= 10"),
        rank("Silver", "GV >= 20, at most 60% of it from one leg"),
        rank("Gold", "GV >= 90"),
        '\n[[bonus]]\nname = "Pool"\nkind = "pool"\nfund = "2% of CV"\nshares = "PV"\n',
    )
    pv, gv = found(text, BUYING).findings

    assert (pv.what, gv.what) == ("volume PV", "volume GV")
    assert pv.sentence.endswith("is asked for by active, bonus Pool.")
    assert gv.sentence.endswith("is asked for by rank Silver, rank Gold.")


def test_customers_and_what_pays_are_no_own_purchases() -> None:
    text = plan(SOLD, active("customers with PV >= 20 are at least 1"), RETAIL, TEAM)

    assert about(text, BUYING) == []


FAST = '\n[[bonus]]\nname = "Fast"\nkind = "fast-start"\npays_on = "%s"\n%srates = ["5%%"]\n'


@pytest.mark.parametrize(
    ("on", "within", "new"),
    [
        ("CV", 'within = "60 days"\n', True),
        ("CV", 'within = "first order"\n', True),
        ("SOLD", 'within = "60 days"\n', False),
    ],
)
def test_a_fast_start_on_what_newcomers_buy_is_said(on: str, within: str, *, new: bool) -> None:
    assert about(plan(SOLD, FAST % (on, within)), NEW) == (["bonus Fast"] if new else [])


def test_the_same_by_a_volume_is_said_too() -> None:
    volume = '\n[volume]\nBASE = "cv of own orders within 3 months of joining"\n'

    assert about(plan(volume, TEAM), NEW) == ["bonus Team"]
    assert about(plan(volume.replace(" within 3 months of joining", ""), TEAM), NEW) == []
