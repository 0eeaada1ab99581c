"""The bonuses of a plan, each by its kind, and what markets say of them."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.engine.plan import BonusRule
from commissions.plan import lint
from commissions.plan.bonuses import KINDS, BonusReader, BonusTable, market_table
from commissions.plan.bonuses.reader import Override
from commissions.plan.given import Given
from commissions.plan.meaning import Meaning
from commissions.plan.mistakes import Place, closest, one_of
from commissions.plan.phrases import no_rank
from commissions.plan.rates import LEFT_OUT
from commissions.plan.shape import check_shape


@dataclass(slots=True)
class BonusList:
    """Reads `[[bonus]]` and the bonuses of `[market.XX]`."""

    plan: Given
    markets: list[Given]
    meaning: Meaning

    def read(self) -> tuple[BonusRule, ...]:
        """Return a rule for each bonus that can be read; what is wrong is noted."""
        rules = []
        self._check_markets()
        for number, given in enumerate(self.plan.tables("bonus", BonusTable)):
            rule = self._bonus(number, given)
            if rule is not None:
                rules.append(rule)
        return tuple(rules)

    def _bonus(self, number: int, given: Given) -> BonusRule | None:
        kind = self._kind(given)
        if kind is None:
            return None
        self._refuse_base(given)
        known = KINDS[kind]
        check_shape(known.table, given.node, given.path, self.meaning.mistakes)
        bonus = BonusReader(
            Given(known.table, given.node, given.path),
            tuple(self._override(market, number, kind) for market in self.markets),
            self.meaning,
            number,
            known.by_sellers_rank,
        )
        return known.compile(bonus)

    def _kind(self, given: Given) -> str | None:
        """Return the kind; None, with the reason noted, if there is none such."""
        node = given.value("kind")
        if given.node.broken or (node is None and given.has("kind")):
            return None
        path, remedy = given.name("kind"), f"Write {one_of(KINDS)}."
        if node is None:
            self.meaning.mistakes.add(given.node.place, path, 'The key "kind" is missing.',
                                      f"Write kind = {one_of(KINDS)}.")  # fmt: skip
            return None
        kind = node.value
        if isinstance(kind, str) and kind in KINDS:
            return kind
        if isinstance(kind, str) and lint.is_pay_for_joining(kind):
            problem = f'A bonus of the kind "{kind}" is refused. {lint.why_not(kind)}'
            remedy = "Pay on sales instead."
        else:
            problem = f'There is no kind of bonus "{node.plain_data()}".'
        self.meaning.mistakes.add(node.place, path, problem, remedy, closest(str(kind), KINDS))
        return None

    def _refuse_base(self, given: Given) -> None:
        """Refuse to pay on joining in any words, with the reason."""
        base = given.text("pays_on")
        if base and lint.is_pay_for_joining(base.value):
            self.meaning.refuse(
                base, -1, f'"{base.value}" may not be paid on. {lint.why_not(base.value)}',
                'Pay on the volume of sales, "CV".',
            )  # fmt: skip
            base.node.broken = True

    def _override(self, market: Given, number: int, kind: str) -> Override:
        """Return what a market says of a bonus."""
        name = self.meaning.bonuses[number].name
        if name in [text.value for text in market.texts("leave_out")]:
            return LEFT_OUT
        entry = market.entries("bonus").get(name)
        if entry is None or entry.node.broken:
            return None
        model, path = market_table(kind), f"{market.path}.bonus.{name}"
        check_shape(model, entry.node, path, self.meaning.mistakes)
        return Given(model, entry.node, path)

    def _check_markets(self) -> None:
        """Note whatever markets name that the plan does not have."""
        for market in self.markets:
            self._check_bonuses(market)
            for name, entry in market.entries("rank").items():
                if name not in self.meaning.ranks:
                    wrong = no_rank(name, 0, self.meaning.ranks)
                    self.meaning.mistakes.add(
                        entry.place, f"{market.path}.rank.{name}", wrong.problem, wrong.remedy,
                        wrong.suggestion,
                    )  # fmt: skip

    def _check_bonuses(self, market: Given) -> None:
        names = [bonus.name for bonus in self.meaning.bonuses]
        left_out = market.texts("leave_out")
        for text in left_out:
            if text.value not in names:
                self._no_bonus(text.value, text.place(), text.path, names)
        for name, entry in market.entries("bonus").items():
            path = f"{market.path}.bonus.{name}"
            if name not in names:
                self._no_bonus(name, entry.place, path, names)
            elif name in [text.value for text in left_out]:
                self.meaning.mistakes.add(
                    entry.place, path, f'"{name}" is left out of this market.',
                    "Say one of the two.",
                )  # fmt: skip

    def _no_bonus(self, name: str, place: Place, path: str, names: list[str]) -> None:
        self.meaning.mistakes.add(
            place, path, f'There is no bonus "{name}".',
            f"Write {one_of(names)}." if names else "Add a [[bonus]] first.", closest(name, names),
        )  # fmt: skip
