"""What may be paid on, and what may not be a condition."""

import pytest

from tests.commissions.plan.lawful.asking import SOLD, TEAM, about, active, only, plan, rank

BASE = "base-above-price"
AUTOSHIP = "autoship-condition"


def paid_on(*volumes: str, bonus: str = TEAM) -> str:
    """Return a plan that pays on a volume BASE among these."""
    return plan("\n[volume]\n", "\n".join(volumes), "\n", bonus)


@pytest.mark.parametrize(
    "volumes",
    [
        ('BASE = "srp of customers\' orders"',),
        ('BASE = "list_price of customers\' orders"',),
        ('BASE = "cv of own orders"', 'OTHER = "BASE + TAX"', 'TAX = "vat of own orders"'),
    ],
)
def test_a_column_of_list_prices_or_taxes_is_refused_by_its_name(volumes: tuple[str, ...]) -> None:
    bonus = TEAM.replace('"BASE"', '"OTHER"') if len(volumes) > 1 else TEAM

    assert set(about(paid_on(*volumes, bonus=bonus), BASE)) == {"bonus Team"}


@pytest.mark.parametrize(
    ("base", "share"),
    [
        ("CV + 50% of CV", "150%"),
        ("CV + PV", "200%"),
        ("PAID + CV", "200%"),
        ("CV + 20% of FIRST", "120%"),
        ("CV", None),
        ("PAID", None),
        ("70% of CV + 30% of PV", None),
        ("LATER + FIRST", None),
        ("OLD + 30% of NEW", None),
        ("OLD + NEW", None),
        ("PAID - CV", None),
        ("CV + CV - CV", None),
    ],
)
def test_no_sale_counts_for_more_than_the_whole_of_it(base: str, share: str | None) -> None:
    text = paid_on(
        f'BASE  = "{base}"',
        'PAID  = "amount of own and customers\' orders"',
        'FIRST = "cv of own and customers\' first orders"',
        'LATER = "cv of own and customers\' later orders"',
        'NEW   = "cv of own and customers\' orders within 3 months of joining"',
        'OLD   = "cv of own and customers\' orders after 3 months of joining"',
    )

    assert about(text, BASE) == ([] if share is None else ["bonus Team"])
    if share is not None:
        assert f"counts {share} of" in only(text, BASE).sentence


def test_the_fund_of_a_pool_is_a_base_too() -> None:
    pool = '\n[[bonus]]\nname = "Pool"\nkind = "pool"\nfund = "2% of BASE"\nshares = "PV"\n'
    finding = only(paid_on('BASE = "msrp of customers\' orders"', bonus=pool), BASE)

    assert "msrp" in finding.sentence
    assert "Omnitrition" in finding.source


@pytest.mark.parametrize(
    "text",
    [
        plan('\n[volume]\nAUTO = "autoship of own orders"\n', active("AUTO >= 50")),
        plan('\n[volume]\nAUTOSHIP = "sv of own orders"\n', rank("Silver", "AUTOSHIP >= 50")),
        plan('\n[volume]\nT = "event_tickets of own orders"\n', rank("S", "lifetime T >= 1")),
        plan('\n[volume]\nT = "tools of own orders"\n', rank("S", "frontline with T >= 1 >= 2")),
        plan(
            '\n[volume]\nT = "subscription of own orders"\nGT = "T of self and downline"\n',
            TEAM.replace("BASE", "CV").replace('["5%", "5%"]', '{ "1" = ["5%"] }'),
            'rates_by = "GT"\n',
        ),
    ],
)
def test_autoship_tickets_and_tools_are_no_condition(text: str) -> None:
    assert len(about(text, AUTOSHIP)) == 1
    assert about(text, AUTOSHIP, "lab") == []
    assert only(text, AUTOSHIP, "existing").severity == "sign"


def test_orders_of_any_origin_are_a_condition() -> None:
    text = plan('\n[volume]\nTEA = "tea of own orders"\n', active("TEA >= 50"))

    assert about(text, AUTOSHIP) == []


def test_what_nobody_asks_for_is_no_condition() -> None:
    text = plan(
        '\n[volume]\nAUTO = "autoship of own orders"\n', SOLD.replace("[volume]\n", ""), TEAM
    )

    assert about(text, AUTOSHIP) == []
