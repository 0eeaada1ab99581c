"""Twenty thousand people, as one chain and as one star: nothing may depend on recursion."""

from fractions import Fraction

import pytest

from tests.oracle.cases import Case
from tests.oracle.comparing import compare, oracle_says
from tests.oracle.model import Member, Sale

PEOPLE = 20_000

PLAN = """
name = "Large"
currency = "USD"
cadence = "monthly"
[active]
require = ["PV >= 10"]
[[rank]]
name = "Bronze"
require = ["active", "customers with PV >= 5 are at least 1"]
[[rank]]
name = "Silver"
require = ["GV >= 5000"]
[[bonus]]
name = "Unilevel"
kind = "unilevel"
tree = "sponsor"
pays_on = "CV"
compression = "{compression}"
rates = {{ Bronze = ["5%", "2.5%"], Silver = ["5%", "2.5%", "0.5%"] }}
"""


def large(sponsor_of: list[int], compression: str) -> Case:
    """Return distributors under the given places, each third of whom buys, or sells to a customer.

    Every eleventh is terminated; figures are odd, so that halves come up.
    """
    network: dict[str, Member] = {}
    sales: list[Sale] = []
    for place, above in enumerate(sponsor_of):
        id, customer = f"d{place}", f"c{place}"
        stays = place % 11 > 0
        network[id] = Member(
            id, f"d{above}" if above >= 0 else None, earns=stays, occupies_level=stays
        )
        if place % 3 == 0:
            points = Fraction(place % 7) + Fraction(10 * (place % 101), 100)
            sales.append(Sale(f"s{place}", id, is_customer_order=False, pv=points + 5, cv=points))
            network[customer] = Member(customer, id, is_customer=True)
            sales.append(Sale(f"t{place}", customer, is_customer_order=True, pv=points, cv=points))
    return Case(PLAN.format(compression=compression), network, sales, shuffle=1)


@pytest.mark.slow
@pytest.mark.parametrize("compression", ["none", "dynamic"])
@pytest.mark.parametrize(
    "sponsor_of",
    [[place - 1 for place in range(PEOPLE)], [-1, *(PEOPLE - 1) * [0]]],
    ids=["chain", "star"],
)
def test_engine_agrees_with_the_oracle_on_twenty_thousand(
    sponsor_of: list[int], compression: str
) -> None:
    case = large(sponsor_of, compression)

    assert compare(case, explain_each=500) == []


@pytest.mark.slow
def test_top_of_a_chain_has_everybody_in_the_group() -> None:
    """Keeps the comparison honest: the case says something, and it is not all zeros."""
    answer = oracle_says(large([place - 1 for place in range(PEOPLE)], "dynamic"))

    assert answer.standings["d0"].volumes["GV"] == sum(
        standing.volumes["PV"] for standing in answer.standings.values()
    )
    assert len(answer.lines) > PEOPLE / 2
