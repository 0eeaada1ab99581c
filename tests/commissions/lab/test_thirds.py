"""Sales that come back in thirds: whatever they paid is taken back exactly."""

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from tests.commissions.lab.files import FEBRUARY, MARCH, PLAN, RETURNS, Lab, Written, network
from tests.commissions.lab.late import FLAT, MATCH, PEOPLE, PLACES, SALES, STAR, TEAM, TWO

KINDS = {
    "unilevel": TEAM,
    "money for each sale": FLAT,
    "rounded by bonus": TEAM + 'round_at = "bonus"\n',
    "rounded by earner": TEAM + 'round_at = "earner"\n',
    "sums with a per cent": (
        "[volume]\nOLD = \"pv of customers' orders\"\nNEW = \"cv of customers' orders\"\n"
        'BASE = "OLD + 33% of NEW"\n' + TEAM.replace("CV", "BASE")
    ),
    "tiers": (
        '[[bonus]]\nname = "Tiers"\nkind = "retail"\npays_on = "CV"\ntiers_by = "earner"\n'
        'tier_mode = "marginal"\ntiers = { "20" = "7%", "50" = "11%" }\n'
    ),
    "differential": (
        STAR + '[[bonus]]\nname = "Difference"\nkind = "differential"\npays_on = "CV"\n'
        'rates = "9%"\nbuyer = "is left out"\n'
    ),
    "generation": (
        STAR + '[[bonus]]\nname = "Generations"\nkind = "generation"\npays_on = "CV"\n'
        'leaders = ["PV >= 0"]\nown_group = "5%"\nrates = ["3%", "2%"]\nguarantee = "500"\n'
    ),
    "matching": MATCH,
    "matching a matching": MATCH + MATCH.split("[[bonus]]")[2].join(["[[bonus]]", ""])
    .replace("Match", "Second").replace("Team", "Match"),
    "cap by earner": TEAM + 'cap = { per_earner = "5.55" }\n',
    "caps in a row": TEAM + 'cap = { per_earner = "4.50", total = "7.77", per_buyer = ["4.00"] }\n',
    "cap of a matched bonus": MATCH.replace('"3%"]\n', '"3%"]\ncap = { per_earner = "5.55" }\n'),
    "cap of the plan": MATCH + '[cap]\npayout = "4% of CV"\nper_earner = "10.00"\n',
    "deductions": MATCH
    + '[[deduction]]\nname = "Tax"\nrate = "7.5%"\n[[deduction]]\nname = "Fee"\nrate = "1%"\n',
    "pool": (
        '[[bonus]]\nname = "Pool"\nkind = "pool"\nfund = "2% of CV"\nshares = "equal"\n'
    ),
    "pool with a cap and a tax": (
        '[[bonus]]\nname = "Pool"\nkind = "pool"\nfund = "9% of CV"\nshares = "PV"\n'
        'cap = { per_earner = "10.01" }\n[[deduction]]\nname = "Tax"\nrate = "7.5%"\n'
    ),
    "reward": (
        STAR + '[[bonus]]\nname = "Reward"\nkind = "reward"\npays = { Star = "10.01" }\n'
    ),
    "reward for each": (
        '[[bonus]]\nname = "Reward"\nkind = "reward"\npays = "10.01"\n'
        'for_each = "frontline with PV >= 1"\n'
    ),
    "reward for legs": (
        '[[bonus]]\nname = "Reward"\nkind = "reward"\npays = "10.01"\n'
        'for_each = "legs with PV >= 1"\n'
    ),
    "structure": (
        '[[bonus]]\nname = "Shape"\nkind = "structure"\nwidth = 2\nperson = ["GV >= 1"]\n'
        'pays = ["10.01"]\n'
    ),
    "full level": TWO + (
        '[[bonus]]\nname = "Level"\nkind = "full-level"\ntree = "two"\npays_on = "CV"\n'
        'rates = ["7%"]\n'
    ),
    "binary by share": TWO + (
        '[[bonus]]\nname = "Legs"\nkind = "binary"\ntree = "two"\npays_on = "CV"\n'
        'rates = "7%"\non_return = "share"\ncarry = "nothing"\n'
    ),
}  # fmt: skip


def in_thirds(sales: str, at: list[str]) -> list[str]:
    """Return the rows that bring back a third of every sale at each of these times."""
    found = []
    for number, day in enumerate(at):
        rows = []
        for row in sales.strip().split("\n"):
            id_, member, _, _, _, *figures, _ = row.split(",")
            thirds = []
            for figure in figures:
                hundredths = int(Fraction(figure) * 100)
                third = hundredths // 3 if number < 2 else hundredths - 2 * (hundredths // 3)
                thirds.append(f"{-third / 100:.2f}")
            rows.append(f"r{number}-{id_},{member},{day},,,{','.join(thirds)},{id_}\n")
        found.append("".join(rows))
    return found


def three_months(lab: Lab, sales: str = SALES) -> list[Written]:
    """Sell in January, bring two thirds back in February, and the last third in March."""
    early, later, last = in_thirds(sales, ["2026-02-05", "2026-02-20", "2026-03-03"])
    january = lab.run(RETURNS + sales)
    february = lab.run(RETURNS + early + later, FEBRUARY, prior=(january.folder,))
    march = lab.run(RETURNS + last, MARCH, prior=(january.folder, february.folder))
    return [january, february, march]


@pytest.mark.parametrize("kind", KINDS)
def test_thirds_that_come_back_take_back_exactly_what_was_paid(kind: str, tmp_path: Path) -> None:
    members = PLACES if "tree.two" in KINDS[kind] else PEOPLE
    lab = Lab(tmp_path, PLAN + KINDS[kind], members)

    months = three_months(lab)

    paid = months[0].lines("member", "bonus", "level", "amount")
    assert len(paid) > 0
    left: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for month in months:
        for *whose, amount in month.lines("member", "bonus", "level", "amount"):
            left[tuple(whose)] += Fraction(amount)
    assert dict(left) == dict.fromkeys(left, 0)
    assert all(row["reverses"] for month in months[1:] for row in month.rows("lines"))
    assert any(Fraction(row["amount"]) for row in months[1].rows("lines"))


def test_many_returns_are_followed_one_by_one(tmp_path: Path) -> None:
    """Three hundred returns of a hundred sales, in three months: nothing is left."""
    members = network(
        "\n".join("  " * depth + f"m{depth}" for depth in range(40)) + "\n"
        + "\n".join("  " * 39 + f"  c{number} customer" for number in range(100))
    )  # fmt: skip
    sales = "".join(
        f"s{number},c{number},2026-01-05,,,{number + 1},{number}.37,\n" for number in range(100)
    )
    lab = Lab(tmp_path, PLAN + KINDS["deductions"], members)

    months = three_months(lab, sales)

    assert sum(Fraction(row["amount"]) for out in months for row in out.rows("lines")) == 0
    assert months[1].summary["sales"]["late_returns"] == 200
