"""From a plan's text to the engine's plan, or to all of its mistakes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from commissions.engine.plan import (
    BonusRule,
    ByMarket,
    Deduction,
    Do,
    Keeping,
    Pay,
    PayKind,
    Plan,
    PlanCap,
    Rank,
    Requirement,
    Requirements,
    Step,
)
from commissions.engine.rounding import Rounding
from commissions.plan import exact
from commissions.plan.bonuses import BonusTable
from commissions.plan.bonuslist import BonusList
from commissions.plan.caps import plan_cap
from commissions.plan.currencies import EXPONENTS
from commissions.plan.given import Given
from commissions.plan.meaning import ACTIVITY, Asker, Meaning
from commissions.plan.mistakes import Mistakes, Place, PlanError, one_of
from commissions.plan.models import (
    ActiveTable,
    CapTable,
    DeductionTable,
    MarketActiveTable,
    MarketCapTable,
    MarketRankTable,
    MarketTable,
    PlanTable,
    RanksTable,
    RankTable,
    words_of,
)
from commissions.plan.names import read_names
from commissions.plan.order import RANKS, Circle, Order, Work, in_order
from commissions.plan.requirements import requirements_of
from commissions.plan.shape import check_shape
from commissions.plan.toml import Node, read_toml
from commissions.plan.trees import read_trees
from commissions.plan.volumes import Volumes

ROUNDING = {
    "half away from zero": Rounding.HALF_AWAY,
    "half to even": Rounding.HALF_EVEN,
    "toward zero": Rounding.TOWARD_ZERO,
}


def read_plan(text: str) -> Plan:
    """Return the plan that a text describes; `PlanError` carries every mistake in it."""
    mistakes = Mistakes()
    root = read_toml(text, mistakes)
    plan = Reader(root, mistakes).read(hashlib.sha256(text.encode()).hexdigest())
    if mistakes.found or plan is None:
        raise PlanError(mistakes.in_order())
    return plan


def plan_mistakes(text: str) -> tuple[str, ...]:
    """Return a text's mistakes as sentences, in the order of the text; none if it is good."""
    try:
        read_plan(text)
    except PlanError as error:
        return tuple(map(str, error.mistakes))
    return ()


@dataclass(slots=True)
class Reader:
    """Reads one plan; every part that can be read is looked at, whatever the others are like."""

    root: Node
    mistakes: Mistakes
    given: Given = field(init=False)
    meaning: Meaning = field(init=False)
    markets: list[Given] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.given = Given(PlanTable, self.root, "")

    def read(self, digest: str) -> Plan | None:
        """Return the plan; None, with mistakes noted, if there is any."""
        check_shape(PlanTable, self.root, "", self.mistakes)
        self.meaning = read_names(self.given, self.mistakes)
        self.markets = [
            Given(MarketTable, entry.node, f"market.{code}")
            for code, entry in self.given.entries("market").items()
        ]
        read_trees(self.given.entries("tree"), self.meaning)
        Volumes(self.meaning, self.given.entries("volume")).read()
        active, ranks = self._active(), self._ranks()
        keeping = self._keeping()
        bonuses = BonusList(self.given, self.markets, self.meaning).read()
        cap = self._cap()
        deductions = self._deductions()
        order = self._order(active, ranks)
        if self.mistakes.found:
            return None
        plan = self._plan(digest, active, ranks, keeping, bonuses, cap, deductions, order)
        self._refuse_too_fine(plan)
        return plan

    def _refuse_too_fine(self, plan: Plan) -> None:
        """Refuse parts that make fractions too fine, together with the point value and any rate."""
        for given, rule in zip(self.given.tables("bonus", BonusTable), plan.bonuses, strict=True):
            if not exact.fits(plan.point_num, plan.point_den, rule.part_ppm):
                self.mistakes.add(
                    given.place("part"), given.name("part"),
                    "The point value and this part have too many decimals together.",
                    "Write one of the two with fewer decimals.",
                )  # fmt: skip

    def _plan(
        self, digest: str, active: ByMarket[Requirements], ranks: tuple[Rank, ...],
        keeping: Keeping, bonuses: tuple[BonusRule, ...], cap: PlanCap | None,
        deductions: tuple[Deduction, ...], order: Order,
    ) -> Plan:  # fmt: skip
        name, currency = self.given.text("name"), self.given.text("currency")
        value = self.given.text("point_value")
        if name is None or currency is None:
            raise TypeError("a plan without mistakes has a name and a currency")
        exponent = EXPONENTS[currency.value]
        num, den = exact.point_value(value.value if value else "1.00", exponent)
        steps = (*order.steps, *(Step(Do.BONUS, index) for index in range(len(bonuses))))
        return Plan(
            name=name.value, currency=currency.value, exponent=exponent,
            cadence=self.given.word("cadence"), point_num=num, point_den=den,
            rounding=ROUNDING[self.given.word("rounding")],
            trees=tuple(self.meaning.trees), markets=self.meaning.markets,
            columns=tuple(self.meaning.columns), figures=tuple(self.meaning.figures),
            volume_order=tuple(
                index for index in self.meaning.volumes_in_order() if index is not None
            ),
            active=active, ranks=ranks, keeping=keeping, bonuses=bonuses,
            pays=pays_of(bonuses, cap, deductions), cap=cap, deductions=deductions,
            steps=steps, during=order.during, rank_trees=order.trees,
            deducts_late=self.given.word("late_returns") == "deduct volume",
            text_digest=digest,
        )  # fmt: skip

    def _asked(self, given: Given | None, key: str, asker: Asker) -> Requirements:
        return () if given is None else requirements_of(given.texts(key), self.meaning, asker)

    def _active(self) -> ByMarket[Requirements]:
        own = self._asked(self.given.table("active", ActiveTable), "require", "active")
        instead = [market.table("active", MarketActiveTable) for market in self.markets]
        return (
            own, *(own if one is None else self._asked(one, "require", "active") for one in instead)
        )  # fmt: skip

    def _ranks(self) -> tuple[Rank, ...]:
        return tuple(self._rank(given) for given in self.given.tables("rank", RankTable))

    def _rank(self, given: Given) -> Rank:
        name = given.text("name")
        word = name.value if name else ""
        require = self._asked(given, "require", "ranks")
        maintain = self._asked(given, "maintain", "ranks") if given.has("maintain") else None
        requires: list[Requirements] = [require]
        maintains: list[Requirements | None] = [maintain]
        for market in self.markets:
            entry = market.entries("rank").get(word)
            one = None if entry is None else Given(
                MarketRankTable, entry.node, f"{market.path}.rank.{word}"
            )  # fmt: skip
            has = one is not None and one.has("require")
            requires.append(self._asked(one, "require", "ranks") if has else require)
            has = one is not None and one.has("maintain")
            maintains.append(self._asked(one, "maintain", "ranks") if has else maintain)
        return Rank(word, tuple(requires), tuple(maintains))

    def _keeping(self) -> Keeping:
        given = self.given.table("ranks", RanksTable)
        if given is None:
            return Keeping()
        if not self.meaning.ranks:
            self._refuse(given, "", "There are no ranks that could be kept.", "Add a [[rank]].")
        window = given.word("title") == "window"
        for key in ("met", "of", "falls"):
            if window and not given.has(key):
                words = one_of(words_of(RanksTable.model_fields[key].annotation))
                self._refuse(given, key, f'The key "{key}" is missing.',
                             f"Write {key} = {(words and words + '.') or '...'}")  # fmt: skip
            elif given.has(key) and not window:
                self._refuse(given, key, "Only a title in a window can be lost.",
                             'Write title = "window", or leave it out.')  # fmt: skip
        met, of = given.number("met"), given.number("of")
        if window and 0 < of < met:
            self._refuse(given, "met", f"A window of {of} periods does not have {met}.",
                         f"Write at most {of}.")  # fmt: skip
        return Keeping(
            by_title=given.word("paid_as") == "title",
            grace=given.number("grace"),
            window_met=met,
            window_of=of,
            falls_one_step=not given.has("falls") or given.word("falls") == "one step",
        )

    def _refuse(self, given: Given, key: str, problem: str, remedy: str) -> None:
        node = given.value(key) if key else None
        place = node.place if node else given.node.place
        self.mistakes.add(place, given.name(key) if key else given.path, problem, remedy)

    def _cap(self) -> PlanCap | None:
        instead = [market.table("cap", MarketCapTable) for market in self.markets]
        return plan_cap(self.given.table("cap", CapTable), instead, self.meaning)

    def _deductions(self) -> tuple[Deduction, ...]:
        found = []
        for given in self.given.tables("deduction", DeductionTable):
            name, rate = given.text("name"), given.text("rate")
            try:
                ppm = exact.rate_ppm(rate.value) if rate else 0
            except ValueError:
                continue
            found.append(Deduction(name.value if name else "", ppm))
        return tuple(found)

    def _order(self, active: ByMarket[Requirements], ranks: tuple[Rank, ...]) -> Order:
        of_ranks = [require for rank in ranks for require in (*rank.require, *rank.maintain)]
        try:
            return in_order(
                self.meaning.figures, _all(active), _all(one for one in of_ranks if one is not None)
            )
        except Circle as circle:
            way = _from_the_asker(circle.path)
            place, path = self._where(way)
            words = " -> ".join(map(self._word, way))
            self.mistakes.add(place, path, f"This goes round in a circle: {words}.",
                              "Take one of them out.")  # fmt: skip
            return Order((), (), ())

    def _word(self, work: Work) -> str:
        if work == RANKS:
            return "ranks"
        return "active" if work == ACTIVITY else self.meaning.figures[int(work)].name

    def _where(self, path: list[Work]) -> tuple[Place, str]:
        """Return where activity or a rank asks for the next thing in a circle."""
        for work, needed in pairwise(path):
            asker: Asker = "active" if work == ACTIVITY else "ranks"
            if isinstance(needed, int) and (asker, needed) in self.meaning.asked:
                return self.meaning.asked[asker, needed]
        return Place(1, 1), ""


def _from_the_asker(path: list[Work]) -> list[Work]:
    """Return a circle so that it begins with activity or ranks, if it goes through them."""
    start = next((k for k, work in enumerate(path) if work in {ACTIVITY, RANKS}), 0)
    return [*path[start:], *path[1 : start + 1]]


def _all(lists: Iterable[Requirements]) -> list[Requirement]:
    return [requirement for requirements in lists for requirement in requirements]


def pays_of(
    bonuses: tuple[BonusRule, ...], cap: PlanCap | None, deductions: tuple[Deduction, ...]
) -> tuple[Pay, ...]:
    """Return all that lines may be of: bonuses, their caps, the plan's cap, deductions."""
    return (
        *(Pay(bonus.name, PayKind.BONUS, index) for index, bonus in enumerate(bonuses)),
        *(
            Pay(f"Cap on {bonus.name}", PayKind.CAP, index)
            for index, bonus in enumerate(bonuses)
            if bonus.cap is not None
        ),
        *([Pay("Payout cap", PayKind.PLAN_CAP)] if cap is not None else []),
        *(Pay(one.name, PayKind.DEDUCTION, index) for index, one in enumerate(deductions)),
    )
