"""Why, in words: what became of a sale, and what reached a member and paid them nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commissions.engine import Missed, Trace, capped_by, explain_sale, missed_by
from commissions.engine.plan import MatchingRule, Plan
from commissions.engine.reasons import CODES, MEANINGS, NOBODY, SKIPPED, Outcome
from commissions.lab.figures import figure, per_cent, points
from commissions.lab.outcome import Outcome as Run

SIDES = ("", "left", "right")


def unknown(run: Run, sales: tuple[str, ...], members: tuple[str, ...]) -> Iterator[str]:
    """Yield a sentence for each sale or member that cannot be asked about."""
    there = set(run.snapshot.sale.tolist())
    for sale in sales:
        if run.orders.number.get(sale) not in there:
            yield f'--explain: "{sale}" is no sale that this run looks at'
    for member in members:
        if run.people.row_of(member) < 0:
            yield f'--missed: "{member}" is no distributor of this network'


def why_lines(run: Run, sales: tuple[str, ...], members: tuple[str, ...]) -> Iterator[str]:
    """Yield what is to be said of sales, then of members, line by line."""
    said = _Said(run)
    for sale in sales:
        yield f"Sale {sale}:"
        yield from said.of_sale(sale) or ["  It pays nobody, and nobody is met."]
    for member in members:
        yield f"What reached {member} and was not paid:"
        yield from said.of_member(member) or ["  Nothing."]


@dataclass(frozen=True, slots=True)
class _Said:
    run: Run

    @property
    def plan(self) -> Plan:
        return self.run.plan

    def of_sale(self, sale: str) -> list[str]:
        """Return a line for everybody met."""
        steps = explain_sale(self.run.result, self.run.orders.number[sale])
        return [self._step(step) for step in steps]

    def _step(self, step: Trace) -> str:
        of = "" if step.source == NOBODY else f" on earnings of {self._name(step.source)}"
        where = f" level {step.level}" if step.level else ""
        where = where or (f" {SIDES[step.leg]} leg" if step.leg else "")
        name = self.plan.bonuses[step.bonus].name
        return f"  {name}{of}: {self._name(step.member)}{where}: {self._what(step)}"

    def _what(self, step: Trace) -> str:
        if step.outcome == Outcome.PAID:
            rate = f"{per_cent(step.rate_ppm)} of " if step.rate_ppm else "on "
            return f"paid {self._money(step.amount)}, {rate}{self._base(step.bonus, step.base)}"
        if step.outcome == Outcome.CAPPED:
            name = self.plan.pays[step.cap].name
            due = self._money(step.due)
            return f"cap: {name}, {step.limit}: {self._money(step.amount)} of {due} is paid"
        if step.leg:
            return f"{CODES[step.outcome]} {points(step.base)}{self._because(step.because)}"
        return self._reason(step.outcome, step.to)

    def _reason(self, outcome: Outcome, to: int) -> str:
        code = CODES[outcome]
        found = f"{code} ({MEANINGS[code]})"
        if outcome in SKIPPED:
            found += f", skipped; {self._name(to) if to != NOBODY else 'nobody'} was paid it"
        return found

    def of_member(self, member: str) -> list[str]:
        """Return a line for each reason on each level, and for each limit."""
        number = self.run.people.number[member]
        found = [self._missed(missed) for missed in missed_by(self.run.result, number)]
        for cut in capped_by(self.run.result, number):
            level = f" level {cut.level}" if cut.level else ""
            found.append(
                f"  {self.plan.pays[cut.pay].name}{level}: cap: {cut.limit}: "
                f"{self._money(cut.paid)} of {self._money(cut.due)} is paid"
            )
        return found

    def _missed(self, missed: Missed) -> str:
        level = f" level {missed.level}" if missed.level else ""
        what = [self.run.orders.ids[sale] for sale in missed.sales.tolist()]
        what += [f"earnings of {self._name(member)}" for member in missed.members.tolist()]
        of = f", of {', '.join(what)}" if what else ""
        return (
            f"  {self.plan.bonuses[missed.bonus].name}{level}: "
            f"{self._reason(missed.outcome, missed.to)}{self._because(missed.because)}: "
            f"{self._base(missed.bonus, missed.base)}{of}"
        )

    def _because(self, because: Outcome | None) -> str:
        return "" if because is None else f", because {CODES[because]}"

    def _name(self, member: int) -> str:
        return self.run.people.ids[member]

    def _money(self, amount: int) -> str:
        return figure(amount, self.plan.exponent)

    def _base(self, bonus: int, base: int) -> str:
        if isinstance(self.plan.bonuses[bonus], MatchingRule):
            return self._money(base)
        return points(base)
