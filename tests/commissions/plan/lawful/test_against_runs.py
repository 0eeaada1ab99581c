"""Against runs of the engine: what is not found does not happen, and no more is paid than said."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commissions.lab.examples import run_examples
from commissions.plan.lawful.review import review
from tests.commissions.plan.lawful.asking import GALLERY, found, without_examples

OWN = "own-purchases-alone"
PEOPLE = ["alice", "bob", "carl", "dora", "emil", "fay", "gus", "hal", "ida"]
PLANS = {path.stem: without_examples(path.read_text(encoding="utf-8")) for path in GALLERY}
CUSTOMERS = re.compile(r'"customers with [^"]*"|"(?:PV|CV|SOLD|FIRST) of customers[^"]*"')
COLUMNS = re.compile(r"(pv|cv) of customers' orders")
AFTER_NAME = re.compile(r" (?:level \d+|on .+|pays) ")
SAYS_PAY = re.compile(r" pays (-?[\d.]+), and no line of the example says so")
SAYS_RANK = re.compile(r"rank is (.+), the example says none")


def weakened(text: str, chosen: list[bool]) -> str:
    """Return a plan that asks for customers in some places only, and pays on own orders, too."""
    bits = iter(chosen * 100)

    def instead(match: re.Match[str]) -> str:
        return '"PV >= 20"' if next(bits) else match[0]

    def of_both(match: re.Match[str]) -> str:
        return f"{match[1]} of own and customers' orders" if next(bits) else match[0]

    return COLUMNS.sub(of_both, CUSTOMERS.sub(instead, text))


@st.composite
def networks(draw: st.DrawFn) -> str:
    """Draw who sponsors whom."""
    above = [draw(st.integers(0, number)) for number in range(len(PEOPLE) - 1)]
    below: list[list[int]] = [[] for _ in PEOPLE]
    for number, parent in enumerate(above, start=1):
        below[parent].append(number)
    lines: list[str] = []
    waiting = [(0, 0)]
    while waiting:
        number, depth = waiting.pop()
        lines.append(f"{'  ' * depth}{PEOPLE[number]}<{number}>")
        waiting += [(inner, depth + 1) for inner in below[number]]
    return "\n".join(lines)


POINTS = st.sampled_from([20, 100, 700, 5000, 60000])


@st.composite
def bought(draw: st.DrawFn) -> str:
    """Draw orders of distributors for themselves."""
    orders = draw(st.lists(st.tuples(st.sampled_from(PEOPLE), POINTS), min_size=6, max_size=24))
    return "\n".join(f"s{n}: {who} {points} {points}" for n, (who, points) in enumerate(orders))


@st.composite
def sold(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Draw orders of distributors and their customers: who buys, and for how many points."""
    buyers = [f"customer {who}{number} of {who}" for who in PEOPLE for number in range(4)]
    return draw(
        st.lists(st.tuples(st.sampled_from(buyers + PEOPLE), POINTS), min_size=6, max_size=40)
    )


def example(text: str, network: str, sales: str) -> str:
    """Return an example which says that nobody has a rank or is paid; binaries are filled."""
    tree = re.search(r'^\[tree\.(\w+)\]\nkind\s*= "binary"', text, re.MULTILINE)
    for number in range(len(PEOPLE)):
        leg = f"{PEOPLE[(number - 1) // 2]} {'left' if number % 2 else 'right'}"
        place = f", {tree[1]} {leg if number else 'top'}" if tree else ""
        network = network.replace(f"<{number}>", f" joined 2025-12-20{place}")
    standings = "\n".join(f"{name} rank none" for name in PEOPLE) if "[[rank]]" in text else ""
    texts = {"network": network, "sales": sales, "standings": standings}
    lines = "".join(f'{key} = """\n{value}\n"""\n' for key, value in texts.items())
    return f'[[example]]\nname = "Only buying"\n{lines}pays = ""\n'


def run_of(text: str, network: str, sales: str) -> list[str]:
    """Return what a run says that the example does not: every rank, and every line that is paid."""
    (run,) = run_examples(text + example(text, network, sales))
    said = [mistake.problem for mistake in run.mistakes]
    strange = [one for one in said if not SAYS_RANK.search(one) and not SAYS_PAY.search(one)]
    assert strange == []
    return said


def happened(text: str, network: str, sales: str) -> tuple[set[str], set[str]]:
    """Return which ranks were reached and which bonuses were paid in a run."""
    ranks, bonuses = set(), set()
    for problem in run_of(text, network, sales):
        rank, said = SAYS_RANK.search(problem), problem.split(": ", 1)[1]
        if rank:
            ranks.add(rank[1])
        elif not said.startswith(("Cap on", "Payout cap")):
            bonuses.add(AFTER_NAME.split(said)[0])
    return ranks, bonuses


@settings(max_examples=150)
@given(
    name=st.sampled_from(sorted(PLANS)),
    chosen=st.lists(st.booleans(), min_size=1, max_size=9),
    network=networks(),
    sales=bought(),
)
def test_what_is_not_found_does_not_happen(
    name: str, chosen: list[bool], network: str, sales: str
) -> None:
    text = weakened(PLANS[name], chosen)
    findings = [finding.what for finding in found(text, OWN).findings]

    ranks, bonuses = happened(text, network, sales)

    assert {f"bonus {bonus}" for bonus in bonuses} <= set(findings)
    first = re.search(r'\[\[rank\]\]\nname\s*= "([^"]+)"', text)
    assert {f"rank {rank}" for rank in ranks if first and rank != first[1]} <= set(findings)


@pytest.mark.parametrize("name", sorted(PLANS))
def test_the_gallery_pays_nobody_in_a_network_that_only_buys(name: str) -> None:
    network = "\n".join(f"{'  ' * number}{who}<{number}>" for number, who in enumerate(PEOPLE))
    sales = "\n".join(f"s{number}: {who} 90000 90000" for number, who in enumerate(PEOPLE))

    assert happened(PLANS[name], network, sales) == (set(), set())


def test_what_is_found_happens() -> None:
    """The plan with no customers in it at all pays every bonus that is found, in one network."""
    text = weakened(PLANS["hybrid"], [True])
    network = "alice<0>\n" + "\n".join(
        f"{'  ' * (1 if number < 3 else 2)}{who}<{number}>"
        for number, who in (
            (1, "bob"),
            (3, "dora"),
            (4, "emil"),
            (2, "carl"),
            (5, "fay"),
            (6, "gus"),
        )
    )
    network += "\n  hal<7>\n  ida<8>"
    sales = "\n".join(f"s{number}: {who} 9000 9000" for number, who in enumerate(PEOPLE))

    ranks, bonuses = happened(text, network, sales)

    findings = [finding.what for finding in found(text, OWN).findings]
    assert bonuses >= {"Levels", "Difference", "Binary", "Match", "Leaders' fund"}
    assert {f"bonus {bonus}" for bonus in bonuses} <= set(findings)
    assert {"Gold", "Silver"} & ranks


@settings(max_examples=100)
@given(
    name=st.sampled_from(sorted(PLANS)),
    chosen=st.lists(st.booleans(), min_size=1, max_size=9),
    network=networks(),
    orders=sold(),
)
def test_no_run_pays_more_than_the_worst_case(
    name: str, chosen: list[bool], network: str, orders: list[tuple[str, int]]
) -> None:
    text = weakened(PLANS[name], chosen)
    bound = review(text, "lab").worst_case.share
    sales = "\n".join(f"s{n}: {buyer} {many} {many}" for n, (buyer, many) in enumerate(orders))

    said = [SAYS_PAY.search(problem) for problem in run_of(text, network, sales)]

    amounts = [Fraction(match[1]) for match in said if match]
    rounding = Fraction(len(amounts), 200)
    assert bound is not None
    assert sum(amounts) <= bound * sum(points for _, points in orders) + rounding
