"""Says where the engine tells of sales, earnings and legs something else than the oracle."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from commissions.engine import Trace, capped_by, explain_earning, explain_sale, missed_by
from commissions.engine.reasons import CODES, NOBODY, SKIPPED
from commissions.engine.reasons import Outcome as Happened
from commissions.lab.outcome import Outcome
from tests.oracle.bonuses.retail import own_sales
from tests.oracle.bonuses.unilevel import is_in_time
from tests.oracle.lines import Answer, Line
from tests.oracle.plan import Bonus, Plan
from tests.oracle.sales import Sold
from tests.oracle.way_up import sales_of
from tests.oracle.whys.legs import InLeg, LegsTold
from tests.oracle.whys.levels import beyond_the_stop, by_the_table, in_generations
from tests.oracle.whys.limits import Cut, of_everybody, on_sale
from tests.oracle.whys.matched import is_by_rank_of_earner, told_of_earning
from tests.oracle.whys.rising import of_differential, of_infinity
from tests.oracle.whys.told import Told, lines_by_key, why_never_paid, without_place

BY_LEVELS = ("unilevel", "fast-start")
ON_SALES = (*BY_LEVELS, "retail", "personal", "differential", "generation", "infinity")
Way = tuple[str, str]
"""A bonus, and a sale or an earning."""
Ways = dict[Way, Counter[Any]]


def ways_that_differ(answer: Answer, outcome: Outcome) -> Iterator[str]:
    """Yield what differs: in reasons, in what is paid, at limits, in legs and of what was lost."""
    told = Engines(answer, outcome)
    ours = Oracles(answer)
    for what in ("ways", "paid", "cuts", "matched", "all_cuts", "legs", "lost"):
        yield from of_ways(what, getattr(ours, what)(), getattr(told, what)())


class Oracles:
    """What the documentation says, by bonus, and by sale, earning or member."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.run = answer, answer.run
        self.bonuses = [
            bonus for bonus in self.run.plan.bonuses if bonus.cadence == self.run.period.cadence
        ]
        self.keys = set(lines_by_key(answer))
        self.table = by_the_table(answer, self.bonuses)

    def ways(self) -> Ways:
        """Return what is told of those whom sales met."""
        found: Ways = defaultdict(Counter)
        for bonus in self.bonuses:
            for sold, owner in self.sales(bonus):
                told = Counter(self.told(bonus, sold, owner))
                told.update(without_place(self.run, bonus, owner))
                found[bonus.name, sold.id] = told
        return found

    def sales(self, bonus: Bonus) -> Iterator[tuple[Sold, str]]:
        """Yield the sales that go up, each with its owner."""
        if bonus.kind not in ON_SALES:
            return
        mine = own_sales if bonus.kind in ("retail", "personal") else sales_of
        for sold, owner, _ in mine(self.run, bonus):
            if bonus.kind != "fast-start" or is_in_time(bonus, sold):
                yield sold, owner

    def told(self, bonus: Bonus, sold: Sold, owner: str) -> Iterable[Told]:
        by_table = self.table.get((bonus.name, sold.id), Counter())
        if bonus.kind == "differential":
            return of_differential(self.run, bonus, sold, self.keys)
        if bonus.kind == "infinity":
            return of_infinity(self.run, bonus, sold, self.keys)
        if bonus.kind in BY_LEVELS:
            beyond = beyond_the_stop(self.run, bonus, sold, by_table)
            return [*by_table.elements(), *beyond]
        if bonus.kind == "generation":
            if is_by_rank_of_earner(bonus):
                return by_table.elements()
            return in_generations(self.run, bonus, owner, sold.id, self.keys)
        levels = [level for name, of, _, level in self.keys if (name, of) == (bonus.name, sold.id)]
        reason = why_never_paid(self.run, bonus, owner, None)
        return [Told(owner, level, "paid") for level in levels] or [Told(owner, 0, str(reason))]

    def paid(self) -> Ways:
        """Return the lines on each sale."""
        plan, found = self.run.plan, defaultdict[Way, Counter[Any]](Counter)
        for bonus in self.bonuses:
            for line in self.lines_on(bonus):
                found[bonus.name, line.evidence][payment(plan, line)] += 1
        return found

    def lines_on(self, bonus: Bonus) -> list[Line]:
        """Return a bonus's lines on sales; those of a guarantee are on earnings."""
        if bonus.kind not in ON_SALES:
            return []
        moved = "earnings of "
        lines = [line for line in self.answer.lines if line.bonus == bonus.name]
        return [line for line in lines if not line.evidence.startswith(moved)]

    def cuts(self) -> Ways:
        """Return what limits took off those who are paid on a sale, earnings matched included."""
        found: Ways = {}
        for bonus in self.bonuses:
            by_sale: dict[str, list[Line]] = defaultdict(list)
            for line in self.lines_on(bonus):
                by_sale[line.evidence].append(line)
            if bonus.kind == "matching":
                by_sale = self.matching_lines(bonus)
            for sale, lines in by_sale.items():
                found[bonus.name, sale] = on_sale(self.answer, bonus.name, lines)
        return found

    def matching_lines(self, bonus: Bonus) -> dict[str, list[Line]]:
        """Return by sale the lines on what earners of the sale earn."""
        lines = [line for line in self.answer.lines if line.bonus == bonus.name]
        return {
            sale: [line for line in lines if line.evidence in earnings]
            for sale, earnings in self.earnings_on(bonus).items()
        }

    def earnings_on(self, bonus: Bonus) -> dict[str, set[str]]:
        """Return by sale the earnings that are matched of those whom it pays."""
        found: dict[str, set[str]] = defaultdict(set)
        for of in (each for each in self.bonuses if each.name in bonus.keys["of"]):
            for line in self.lines_on(of):
                found[line.evidence].add(f"earnings of {line.earner} in {of.name}")
        return found

    def matched(self) -> Ways:
        """Return what is told of those whom earnings met, and which earnings a sale is part of."""
        found: Ways = {}
        for bonus in (each for each in self.bonuses if each.kind == "matching"):
            met: set[str] = set()
            for member in self.run.members:
                for of in bonus.keys["of"]:
                    way = bonus.name, f"earnings of {member} in {of}"
                    by_table = self.table.get(way, Counter())
                    found[way] = told_of_earning(
                        self.answer, bonus, of, member, by_table, self.keys
                    )
                    met |= {way[1]} if found[way] else set()
            for sale, earnings in self.earnings_on(bonus).items():
                found[bonus.name, sale] = Counter(earnings & met)
        return found

    def all_cuts(self) -> Ways:
        return {("limits", "everybody"): Counter(of_everybody(self.answer))}

    def legs(self) -> Ways:
        """Return in whose legs sales count, and what became of these legs' new volume."""
        found: Ways = {}
        for bonus in (each for each in self.bonuses if each.kind == "binary"):
            legs = LegsTold(self.run, bonus)
            late = [each.back for each in self.run.late] if bonus.on_return == "volume" else []
            for sold in (*self.run.paying, *late):
                if sold.owner is not None:
                    found[bonus.name, sold.id] = legs.of_sale(sold)
        return found

    def lost(self) -> Ways:
        return {
            (bonus.name, id): LegsTold(self.run, bonus).lost_by(id)
            for bonus in self.bonuses
            if bonus.kind == "binary"
            for id in self.run.members
        }


class Engines:
    """The same by the engine, in the oracle's words."""

    def __init__(self, answer: Answer, outcome: Outcome) -> None:
        self.plan, self.result = answer.run.plan, outcome.result
        self.names = [bonus.name for bonus in outcome.plan.bonuses]
        self.limits = [pay.name for pay in outcome.plan.pays]
        self.ids, self.members = outcome.people.ids, outcome.result.member.tolist()
        self.traces = {
            outcome.orders.ids[sale]: explain_sale(outcome.result, sale)
            for sale in outcome.snapshot.sale.tolist()
        }

    def each(self, *kinds: str, cut: bool = False) -> Iterator[tuple[Bonus, str, Trace]]:
        """Yield traces of sales in bonuses of some kinds: of limits, or all others."""
        for sale, traces in self.traces.items():
            for trace in traces:
                bonus = self.plan.bonus(self.names[trace.bonus])
                if bonus.kind in kinds and (trace.outcome == Happened.CAPPED) == cut:
                    yield bonus, sale, trace

    def told(self, trace: Trace) -> Told:
        to = None if trace.to == NOBODY else self.ids[trace.to]
        is_skipped = trace.outcome in SKIPPED
        return Told(self.ids[trace.member], trace.level, CODES[trace.outcome], is_skipped, to)

    def ways(self) -> Ways:
        found: Ways = defaultdict(Counter)
        for bonus, sale, trace in self.each(*ON_SALES):
            if not is_by_rank_of_earner(bonus) or is_by_the_table(trace):
                found[bonus.name, sale][self.told(trace)] += 1
        return found

    def paid(self) -> Ways:
        found: Ways = defaultdict(Counter)
        for bonus, sale, trace in self.each(*ON_SALES):
            if trace.outcome == Happened.PAID:
                earner = self.ids[trace.member]
                found[bonus.name, sale][payment_told(self.plan, bonus, earner, trace)] += 1
        return found

    def cuts(self) -> Ways:
        found: Ways = defaultdict(Counter)
        for bonus, sale, trace in self.each(*ON_SALES, "matching", cut=True):
            cut = Cut(
                self.ids[trace.member], self.limits[trace.cap], str(trace.limit), trace.level,
                trace.due, trace.amount,
            )  # fmt: skip
            found[bonus.name, sale][cut] += 1
        return found

    def matched(self) -> Ways:
        found: Ways = defaultdict(Counter)
        for index, name in enumerate(self.names):
            for of in self.plan.bonus(name).keys.get("of", ()):
                for member in self.members:
                    steps = explain_earning(self.result, index, self.names.index(of), member)
                    way = name, f"earnings of {self.ids[member]} in {of}"
                    by_rank = is_by_rank_of_earner(self.plan.bonus(name))
                    told = (step for step in steps if not by_rank or is_by_the_table(step))
                    found[way] = Counter(self.told(step) for step in told)
        for bonus, sale, trace in self.each("matching"):
            if not is_by_rank_of_earner(bonus) or is_by_the_table(trace):
                earning = f"earnings of {self.ids[trace.source]} in {self.names[trace.of]}"
                found[bonus.name, sale][earning] = 1
        return found

    def all_cuts(self) -> Ways:
        cuts = Counter(
            Cut(
                self.ids[member], self.limits[cut.pay], str(cut.limit), cut.level, cut.due, cut.paid
            )
            for member in self.members
            for cut in capped_by(self.result, member)
        )
        return {("limits", "everybody"): cuts}

    def legs(self) -> Ways:
        found: Ways = defaultdict(Counter)
        for bonus, sale, trace in self.each("binary"):
            because = None if trace.because is None else CODES[trace.because]
            side, points = ("", "left", "right")[trace.leg], Fraction(trace.base, 100)
            told = InLeg(self.ids[trace.member], side, CODES[trace.outcome], points, because)
            found[bonus.name, sale][told] += 1
        return found

    def lost(self) -> Ways:
        found: Ways = defaultdict(Counter)
        for member in self.members:
            for missed in missed_by(self.result, member):
                name, id = self.names[missed.bonus], self.ids[member]
                if self.plan.bonus(name).kind == "binary":
                    because = None if missed.because is None else CODES[missed.because]
                    points = Fraction(missed.base, 100)
                    found[name, id][InLeg(id, "", CODES[missed.outcome], points, because)] += 1
        return found


def is_by_the_table(trace: Trace) -> bool:
    """Return whether a leader of the earner's rank was met by the table."""
    by_table = Happened.PAID <= trace.outcome <= Happened.SKIPPED_NOT_COVERED
    is_met = trace.level > 0 and trace.outcome != Happened.SKIPPED_STATE
    return (by_table and is_met) or trace.outcome == Happened.NOT_IN_TREE


def payment(plan: Plan, line: Line) -> tuple[Any, ...]:
    """Return a payment; of an amount that is not rounded line by line it does not matter how."""
    amount = line.amount if plan.bonus(line.bonus).round_at == "line" else None
    return line.earner, line.level, line.rate, line.base, amount


def payment_told(plan: Plan, bonus: Bonus, earner: str, told: Trace) -> tuple[Any, ...]:
    amount = told.amount if bonus.round_at == "line" else None
    rate = Fraction(told.rate_ppm, 1_000_000)
    return earner, told.level, rate, Fraction(told.base, 100), amount


def of_ways(what: str, oracle: Ways, lab: Ways) -> Iterator[str]:
    for way in {**oracle, **lab}:
        ours, theirs = oracle.get(way, Counter()), lab.get(way, Counter())
        if ours != theirs:
            only, other = dict(ours - theirs), dict(theirs - ours)
            yield f"{what} of {way[1]} in {way[0]}: only oracle {only}, only lab {other}"
