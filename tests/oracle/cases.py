"""Asks the oracle what comes out of a case, run after run."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from tests.oracle.days import Period, period_of
from tests.oracle.drawing.case import Bought, Case, Person, Stretch
from tests.oracle.drawing.toml_text import plan_text
from tests.oracle.files import NO_SALE, OF_A_CUSTOMER, moment, read_place
from tests.oracle.lines import Answer
from tests.oracle.people import STATUSES, Member
from tests.oracle.period import work_out
from tests.oracle.plan import Plan
from tests.oracle.reading import read_plan
from tests.oracle.run import Question
from tests.oracle.sales import Sale
from tests.oracle.state import Row, row_of


@lru_cache(4)
def plan_of(text: str) -> Plan:
    """Return the oracle's plan of a text."""
    return read_plan(text)


def oracle_answers(case: Case) -> Iterator[tuple[Stretch, Answer]]:
    """Yield what the oracle says of each run; each reads what those before it left."""
    plan = plan_of(plan_text(dict(case.plan)))
    zone = ZoneInfo(case.time_zone)
    left: dict[str, Sequence[Row]] = {plan.cadence: [row_of(*row) for row in case.state]}
    before: list[Answer] = []
    for stretch in case.runs:
        period = period_of(stretch.period, stretch.cadence or plan.cadence)
        network = network_of(case.people, plan, zone, datetime.combine(period.end, time()))
        answer = work_out(
            Question(
                plan=plan,
                network=network,
                sales=[sale for row in case.sales if (sale := sale_of(row, network, zone))],
                period=period,
                state=[
                    row for read in readable(plan, period.cadence) for row in left.get(read, [])
                ],
                so_far_from=date.fromisoformat(stretch.so_far_from)
                if stretch.so_far_from
                else None,
                prior=earlier(before, period.cadence),
                shorter=inside(before, period) if matches_shorter(plan, period.cadence) else (),
            )
        )
        yield stretch, answer
        left[period.cadence] = answer.state
        before.append(answer)


def readable(plan: Plan, cadence: str) -> list[str]:
    """Return the rhythms of which a run reads the state: the plan's own, and its own."""
    return list(dict.fromkeys([plan.cadence, cadence]))


def earlier(before: Sequence[Answer], cadence: str) -> list[Answer]:
    """Return the runs before of the same rhythm."""
    return [answer for answer in before if answer.run.period.cadence == cadence]


def inside(before: Sequence[Answer], period: Period) -> list[Answer]:
    """Return the runs of another rhythm whose last day lies in a period."""
    return [
        answer
        for answer in before
        if answer.run.period.cadence != period.cadence
        and period.start <= answer.run.period.last_day < period.end
    ]


def matches_shorter(plan: Plan, cadence: str) -> bool:
    """Return whether a bonus of this rhythm matches one of a shorter rhythm."""
    return any(
        plan.bonus(name).cadence != cadence
        for bonus in plan.bonuses
        if bonus.kind == "matching" and bonus.cadence == cadence
        for name in bonus.keys["of"]
    )


def network_of(
    people: Sequence[Person], plan: Plan, zone: ZoneInfo, as_of: datetime
) -> dict[str, Member]:
    """Return who had joined before a moment."""
    joined = {person.id: moment(person.joined, zone) for person in people}
    return {
        person.id: Member(
            id=person.id,
            sponsor=person.sponsor or None,
            is_customer=person.is_customer,
            policies=STATUSES[person.status or "active"],
            joined=joined[person.id],
            enroller=person.enroller or None,
            market=person.market or None,
            holder=person.holder or None,
            rank_by_hand=person.rank or None,
            places={
                tree: read_place(
                    {"id": person.id, f"{tree}.parent": place[0], f"{tree}.leg": place[1]},
                    plan.trees[tree],
                )
                for tree, place in person.places.items()
            },
        )
        for person in people
        if joined[person.id] < as_of
    }


def sale_of(row: Bought, network: dict[str, Member], zone: ZoneInfo) -> Sale | None:
    """Return a row as a sale; None for a kit, a sales aid or a fee."""
    if row.purpose in NO_SALE:
        return None
    buyer = network.get(row.member)
    is_customer = buyer is not None and buyer.is_customer
    return Sale(
        id=row.id,
        buyer=row.member,
        at=moment(row.at, zone),
        figures={column: Fraction(figure) for column, figure in row.figures.items()},
        is_customer_order=row.purpose == OF_A_CUSTOMER or (not row.purpose and is_customer),
        order=row.order or None,
        returns=row.returns or None,
    )
