"""Three months of a company in the lab's terms, and what the oracle says of each.

Orders of January come back in January, February and March, in parts; people join; dates stand at
the very edges of months, some in the company's time (New York), some in another.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from tests.oracle.cases import draw_network, draw_points, one_in, share
from tests.oracle.model import STATUSES, Line, Member, Network, Plan, Sale, member_of_status
from tests.oracle.network import distributor_above
from tests.oracle.period import Answer, work_out
from tests.oracle.plan_texts import draw_plan_text, rank_names
from tests.oracle.reading import read_plan
from tests.oracle.returns import taken_back

TIME_ZONE = "America/New_York"
PERIODS = ("2026-01-01..2026-02-01", "2026-02-01..2026-03-01", "2026-03-01..2026-04-01")
MOMENTS = (
    ("2026-01-01", "2026-01-15T12:00", "2026-01-31T23:59:59", "2026-02-01T04:59:59+00:00"),
    ("2026-02-01", "2026-02-01T05:00:00+00:00", "2026-02-28T23:59:59", "2026-02-14T00:00"),
    ("2026-03-01", "2026-03-01T06:00:00+01:00", "2026-03-31T23:59:59", "2026-03-31"),
)
BEFORE = "2025-12-31T23:59:59"
LAST_DAYS = ("2026-01-31", "2026-02-28", "2026-03-31")
JOINED = ("2025-06-01", "2026-02-10", "2026-03-10")


@dataclass(frozen=True)
class Row:
    """A row of sales.csv; `month` is the place of its period, -1 for the time before."""

    sale: Sale
    month: int
    at: str
    purpose: str = ""


@dataclass(frozen=True)
class Quarter:
    plan_text: str
    network: dict[str, Member]
    status: dict[str, str]
    joined: dict[str, int]
    """Month in which a member joined, as a place in `JOINED`."""
    rows: list[Row]

    def people(self, month: int) -> dict[str, Member]:
        """Return who is in the network at the end of a month."""
        return {id: each for id, each in self.network.items() if self.joined[id] <= month}


@dataclass(frozen=True)
class Reversal:
    """A line that takes back; `line.sale` is the return and `reverses` the sale."""

    line: Line
    reverses: str


def quarter_of(seed: int) -> Quarter:
    dice = Random(seed)  # noqa: S311 - the same dice every time are what we want
    plan_text = draw_plan_text(dice)
    network, status = draw_people(dice, rank_names(plan_text))
    sponsors = {member.sponsor for member in network.values()}
    joined = {id: 0 if id in sponsors else dice.choice([0, 0, 0, 0, 1, 2]) for id in network}
    orders = list(draw_orders(dice, network, joined))
    returns = [back for row in orders for back in draw_returns(dice, row)]
    returns.sort(key=lambda row: row.at)
    dice.shuffle(orders)
    rows = dice.choice([orders + returns, returns + orders])
    return Quarter(plan_text, network, status, joined, rows)


def draw_people(dice: Random, ranks: list[str]) -> tuple[dict[str, Member], dict[str, str]]:
    """Draw a network with the states of the lab, where nothing set by hand means no rank."""
    network = draw_network(dice, ranks)
    status = {id: dice.choice([*8 * ["active"], "", *STATUSES]) for id in network}
    for id, member in network.items():
        if not member.is_customer:
            by_status = member_of_status(id, member.sponsor, status[id] or "active")
            network[id] = replace(by_status, rank_by_hand=member.rank_by_hand or None)
        else:
            status[id] = ""
    return network, status


def draw_orders(dice: Random, network: Network, joined: Mapping[str, int]) -> Iterator[Row]:
    for number in range(dice.randint(0, 20)):
        buyer = dice.choice(list(network))
        by_customer = network[buyer].is_customer
        under_nobody = distributor_above(network, network[buyer]) is None
        month = dice.choice([-1, 0, 0, 0, 1, 2])
        if month < joined[buyer] or (by_customer and under_nobody):
            continue
        purposes = ["", "customer_order"] if by_customer else ["", "personal_use", "stock"]
        purpose = dice.choice(purposes)
        if not under_nobody and one_in(dice, 6):
            purpose = "customer_order"
        sale = Sale(
            f"s{number}",
            buyer,
            is_customer_order=by_customer or purpose == "customer_order",
            pv=abs(draw_points(dice)),
            cv=abs(draw_points(dice)),
        )
        yield Row(sale, month, BEFORE if month < 0 else dice.choice(MOMENTS[month]), purpose)


def draw_returns(dice: Random, row: Row) -> Iterator[Row]:
    """Draw what comes back of an order, in its month or later, each part after the one before."""
    sale, month = row.sale, row.month
    parts = dice.choice([0, 0, 1, 2, 3, 4])
    if month < 0:
        return
    for part in range(dice.randint(0, parts)):
        month = dice.randint(month, 2)
        pv, cv = share(sale.pv, part, parts), share(sale.cv, part, parts)
        if pv or cv:
            back = replace(sale, id=f"{sale.id}r{part}", pv=-pv, cv=-cv, returns=sale.id)
            at = f"{LAST_DAYS[month]}T23:59:59.{part}"
            yield Row(back, month, at, row.purpose)


def what_the_oracle_says(quarter: Quarter) -> list[tuple[Answer, list[Reversal]]]:
    """Return each month's answer and the lines by which it takes back what came back late."""
    plan = read_plan(quarter.plan_text)
    month_of = {row.sale.id: row.month for row in quarter.rows}
    said: list[tuple[Answer, list[Reversal]]] = []
    posted: list[Line] = []
    for month in range(len(PERIODS)):
        here = [row.sale for row in quarter.rows if row.month == month]
        in_time = [sale for sale in here if month_of[sale.returns or sale.id] == month]
        answer = work_out(plan, quarter.people(month), in_time)
        late = {sale.id for sale in here if sale not in in_time}
        said.append(
            (answer, [each for each in reversals(plan, quarter, posted) if each.line.sale in late])
        )
        posted += answer.lines
    return said


def reversals(plan: Plan, quarter: Quarter, posted: list[Line]) -> Iterator[Reversal]:
    """Yield what the returns of every month, late for these lines, take back of them."""
    month_of = {row.sale.id: row.month for row in quarter.rows}
    backs: dict[str | None, list[Sale]] = defaultdict(list)
    for row in quarter.rows:
        sale = row.sale
        if sale.returns is not None and row.month > month_of[sale.returns]:
            backs[sale.returns].append(sale)
    for line in posted:
        bonus = next(bonus for bonus in plan.bonuses if bonus.name == line.bonus)
        column = plan.personal[bonus.pays_on].column
        parts = [-(back.pv if column == "pv" else back.cv) for back in backs[line.sale]]
        takes = taken_back(plan.rounded, line.base, line.amount, parts)
        for back, part, take in zip(backs[line.sale], parts, takes, strict=True):
            if part != 0:
                yield Reversal(replace(line, sale=back.id, base=-part, amount=-take), line.sale)


def in_order(quarter: Quarter, plan: Plan, lines: list[Line]) -> list[Line]:
    """Return lines by earner, bonus in the order of the plan, level, and row of the sale."""
    members = list(quarter.network)
    bonuses = [bonus.name for bonus in plan.bonuses]
    rows = [row.sale.id for row in quarter.rows]
    return sorted(
        lines,
        key=lambda line: (
            members.index(line.earner),
            bonuses.index(line.bonus),
            line.level,
            rows.index(line.sale),
        ),
    )
