"""Asks the engine what the oracle is asked, and puts its answer into the oracle's words."""

import random
from collections.abc import Sequence
from fractions import Fraction

from commissions import engine
from commissions.plan import read_plan
from tests.oracle.cases import Case
from tests.oracle.model import Line, Member, Met, Network, Sale, Standing
from tests.oracle.network import distributor_above, distributors
from tests.oracle.period import Answer, Earnings

RULES = {
    engine.Outcome.SKIPPED_STATE: 1,
    engine.Outcome.SKIPPED_INACTIVE: 2,
    engine.Outcome.SKIPPED_RANK: 3,
    engine.Outcome.NOT_EARNING: 4,
    engine.Outcome.INACTIVE: 5,
    engine.Outcome.RANK_TOO_LOW: 6,
    engine.Outcome.PAID: 7,
}


class Question:
    """A case in the engine's columns: a plan and a snapshot, with numbers for everybody's names.

    The number of a member or a sale is its place in the case. Rows come shuffled.
    """

    def __init__(self, case: Case) -> None:
        self.plan = read_plan(case.plan_text)
        self.members = list(case.network)
        self.sales = [sale.id for sale in case.sales]
        self.net_sales = [sale.id for sale in case.sales if sale.returns is None]
        self.number_of_member = {id: number for number, id in enumerate(self.members)}
        self.number_of_sale = {id: number for number, id in enumerate(self.sales)}
        self.snapshot = self._snapshot(case)

    def _snapshot(self, case: Case) -> engine.Snapshot:
        shuffled = random.Random(case.shuffle)  # noqa: S311 - the order of rows is no secret
        people = distributors(case.network)
        shuffled.shuffle(people)
        row = {each.id: place for place, each in enumerate(people)} | {"": -1}
        sales = [sale for sale in case.sales if self._seller(case.network, sale)]
        shuffled.shuffle(sales)
        member, sold = self.number_of_member, self.number_of_sale
        return engine.make_snapshot(
            member=[member[each.id] for each in people],
            sponsor=[row[distributor_above(case.network, each) or ""] for each in people],
            flags=[flags(each) for each in people],
            rank_override=[self._by_hand(each) for each in people],
            sale=[sold[sale.id] for sale in sales],
            seller=[row[self._seller(case.network, sale)] for sale in sales],
            own=[not sale.is_customer_order for sale in sales],
            customer=[member[sale.buyer] if sale.is_customer_order else -1 for sale in sales],
            pv=[int(sale.pv * 100) for sale in sales],
            cv=[int(sale.cv * 100) for sale in sales],
            returns=[-1 if sale.returns is None else sold[sale.returns] for sale in sales],
        )

    def _seller(self, network: Network, sale: Sale) -> str:
        """Return who is credited when the order is placed; nobody if there is nobody above."""
        buyer = network[sale.buyer]
        return (distributor_above(network, buyer) or "") if sale.is_customer_order else buyer.id

    def _by_hand(self, member: Member) -> int:
        names = [None, "", *(rank.name for rank in self.plan.ranks)]
        return names.index(member.rank_by_hand) - 1


def flags(member: Member) -> int:
    """Return the policies as the engine's bits. Nothing asks yet what counts as a leg."""
    allowed = {
        engine.Flag.EARNS: member.earns,
        engine.Flag.OCCUPIES_LEVEL: member.occupies_level,
        engine.Flag.KEEPS_VOLUME: member.keeps_volume,
        engine.Flag.KEEPS_CUSTOMERS: member.keeps_customers,
    }
    return int(engine.Flag.COUNTS_AS_LEG) + sum(int(flag) for flag, may in allowed.items() if may)


def ask(question: Question, explain_each: int = 1) -> Answer:
    """Return the engine's answer: its run, its lines and its explanation of each n-th sale."""
    result = engine.calculate_run(question.snapshot, question.plan)
    return Answer(
        standings=standings(question, result),
        met={id: met(question, result, id) for id in question.net_sales[::explain_each]},
        lines=lines(question, result),
        earnings=earnings(question, result),
        total=int(result.total),
    )


def standings(question: Question, result: engine.RunResult) -> dict[str, Standing]:
    plan, found = question.plan, result.standings
    names = [None, *(rank.name for rank in plan.ranks)]
    return {
        question.members[number]: Standing(
            volumes={
                volume.name: Fraction(int(found.volumes[place][row]), 100)
                for place, volume in enumerate(plan.volumes)
            },
            customers={
                (plan.volumes[count.volume].name, Fraction(count.at_least, 100)): int(
                    found.counts[place][row]
                )
                for place, count in enumerate(plan.counts)
            },
            is_active=bool(found.active[row]),
            qualified_as=names[found.rank[row]],
            paid_as=names[found.paid_as[row]],
        )
        for row, number in enumerate(result.network.member.tolist())
    }


def met(question: Question, result: engine.RunResult, sale: str) -> list[Met]:
    """Return whom the engine says a sale met; nobody for a sale that belongs to nobody."""
    number = question.number_of_sale[sale]
    if number not in question.snapshot.sale:
        return []
    return [
        Met(
            bonus=question.plan.bonuses[each.bonus].name,
            member=question.members[each.member],
            level=each.level,
            rule=RULES[each.outcome],
            base=Fraction(each.base, 100),
            rate=Fraction(each.rate_ppm, 1_000_000),
            amount=each.amount,
        )
        for each in engine.explain_sale(question.snapshot, question.plan, result, number)
    ]


def lines(question: Question, result: engine.RunResult) -> list[Line]:
    found = engine.lines_of(question.snapshot, question.plan, result)
    earners = who(question, result, found.earner.tolist())
    return [
        Line(
            earner=earners[place],
            bonus=question.plan.bonuses[found.bonus[place]].name,
            level=int(found.level[place]),
            sale=question.sales[found.sale[place]],
            base=Fraction(int(found.base[place]), 100),
            rate=Fraction(int(found.rate_ppm[place]), 1_000_000),
            amount=int(found.amount[place]),
        )
        for place in range(len(found.sale))
    ]


def earnings(question: Question, result: engine.RunResult) -> Earnings:
    found = result.earnings
    earners = who(question, result, found.earner.tolist())
    sums = {}
    for place, earner in enumerate(earners):
        bonus = question.plan.bonuses[found.bonus[place]].name
        rate = Fraction(int(found.rate_ppm[place]), 1_000_000)
        key = earner, bonus, int(found.level[place]), rate
        assert key not in sums, f"two earnings for {key}"
        sums[key] = Fraction(int(found.base[place]), 100), int(found.amount[place])
    return sums


def who(question: Question, result: engine.RunResult, rows: Sequence[int]) -> list[str]:
    """Return the names of network rows."""
    return [question.members[result.network.member[row]] for row in rows]
