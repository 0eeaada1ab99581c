"""From the grammar's rules to what a phrase says: one method for each rule, by its name."""

from __future__ import annotations

from typing import Any

from lark import Token, Transformer, v_args

from commissions.engine.plan import AND, OR, Asks, OrderOf, Past, Scope, TimeOf, Whose
from commissions.plan.phrases import said
from commissions.plan.phrases.said import Word

TIMES = {
    ("within", "days"): TimeOf.WITHIN_DAYS,
    ("after", "days"): TimeOf.AFTER_DAYS,
    ("within", "months"): TimeOf.WITHIN_MONTHS,
    ("after", "months"): TimeOf.AFTER_MONTHS,
}
WHOSE = {"own": Whose.OWN, "of_customers": Whose.CUSTOMERS, "both": Whose.BOTH}
ORDERS = {"first": OrderOf.FIRST, "later": OrderOf.LATER, "": OrderOf.ALL}
Program = tuple[tuple[said.Ask, ...], tuple[int, ...]]


def _word(token: Token) -> Word:
    return Word(str(token), token.start_pos or 0)


def _maybe(token: Token | None) -> Word | None:
    return None if token is None else _word(token)


def _joined(parts: tuple[said.Ask | Program, ...], join: int) -> Program:
    """Return several conditions as one program: each after the other, and what joins them."""
    asks: list[said.Ask] = []
    program: list[int] = []
    for number, part in enumerate(parts):
        theirs, steps = part if isinstance(part, tuple) else ((part,), (0,))
        program += [step + len(asks) if step >= 0 else step for step in steps]
        asks += theirs
        if number:
            program.append(join)
    return tuple(asks), tuple(program)


@v_args(inline=True)
class ToSaid(Transformer[Token, Any]):
    """Builds what a phrase says while it is parsed."""

    def requirement(self, whole: Program) -> said.Said:
        return said.Said(*whole)

    def any_of(self, *parts: said.Ask | Program) -> Program:
        return _joined(parts, OR)

    def all_of(self, *parts: said.Ask | Program) -> Program:
        return _joined(parts, AND)

    def ask_active(self, active: Token) -> said.AskActive:
        return said.AskActive(active.start_pos or 0)

    def own_rank(self, rank: Token) -> said.AskRank:
        return said.AskRank(_word(rank), Asks.RANK)

    def own_title(self, rank: Token) -> said.AskRank:
        return said.AskRank(_word(rank), Asks.TITLE)

    def was_rank(self, rank: Token) -> said.AskRank:
        return said.AskRank(_word(rank), Asks.WAS)

    def rank_before(self, rank: Token, times: Token, periods: Token) -> said.AskRankBefore:
        return said.AskRankBefore(_word(rank), _word(times), _word(periods))

    def at_least(self) -> None:
        """Say nothing: both ways of writing it mean the same."""

    def word(self, volume: Token) -> Word:
        return _word(volume)

    def ask_at_least(self, volume: Word | said.OverTime, _: None, points: Token) -> said.AskAtLeast:
        return said.AskAtLeast(volume, _word(points))

    def ask_share(
        self, volume: Word | said.OverTime, _: None, share: Token, of: Word | said.OverTime
    ) -> said.AskShare:
        return said.AskShare(volume, _word(share), of)

    def ask_limited(
        self, volume: Word | said.OverTime, _: None, points: Token, share: Token,
        own_too: Token | None = None,
    ) -> said.AskLimited:  # fmt: skip
        return said.AskLimited(volume, _word(points), _word(share), own_too is not None)

    def ask_count(
        self, counted: said.Customers | said.People, _: None, number: Token
    ) -> said.AskCount:
        return said.AskCount(counted, _word(number))

    def joined_below(self, unit: Token, number: Token) -> said.AskJoined:
        return said.AskJoined(unit == "months", below=True, number=_word(number))

    def joined_for(self, unit: Token, _: None, number: Token) -> said.AskJoined:
        return said.AskJoined(unit == "months", below=False, number=_word(number))

    def customers(self, volume: Word | said.OverTime, _: None, points: Token) -> said.Customers:
        return said.Customers(volume, _word(points))

    def condition(self, *simple: said.AskActive | said.AskRank | said.AskAtLeast) -> Any:
        return simple

    def frontline(self, first: Token, who: Any, tree: Token | None) -> said.People:
        return said.People(Scope.FRONTLINE, who, first.start_pos or 0, _maybe(tree))

    def downline(
        self, first: Token, levels: Token | None, who: Any, tree: Token | None
    ) -> said.People:
        at = first.start_pos or 0
        return said.People(Scope.DOWNLINE, who, at, _maybe(tree), _maybe(levels))

    def legs(self, first: Token, who: Any, tree: Token | None) -> said.People:
        return said.People(Scope.LEGS, who, first.start_pos or 0, _maybe(tree))

    def enrolled(
        self, first: Token, who: Any, side: Token | None = None, tree: Token | None = None
    ) -> said.People:
        leg = {"left": 1, "right": 2}.get(str(side), 0)
        at = first.start_pos or 0
        return said.People(Scope.FRONTLINE, who, at, _maybe(tree), enrolled=True, leg=leg)

    def sum(self, *parts: said.Part) -> said.Sum:
        return said.Sum(parts)

    def whole_part(self, volume: Token) -> said.Part:
        return said.Part(_word(volume), None, is_taken_off=False)

    def share_part(self, share: Token, volume: Token) -> said.Part:
        return said.Part(_word(volume), _word(share), is_taken_off=False)

    def added(self, part: said.Part) -> said.Part:
        return part

    def taken_off(self, part: said.Part) -> said.Part:
        return said.Part(part.volume, part.share, is_taken_off=True)

    def own(self) -> Whose:
        return Whose.OWN

    def of_customers(self) -> Whose:
        return Whose.CUSTOMERS

    def both(self) -> Whose:
        return Whose.BOTH

    def days(self) -> str:
        return "days"

    def months(self) -> str:
        return "months"

    def orders(
        self, column: Token, whose: Whose, which: Token | None, when: Token | None = None,
        count: Token | None = None, unit: str = "",
    ) -> said.Orders:  # fmt: skip
        time = TimeOf.ALWAYS if when is None else TIMES[str(when), unit]
        return said.Orders(_word(column), whose, ORDERS[str(which or "")], time, _maybe(count))

    def group(
        self, volume: Token, scope: tuple[Scope, Token, Token | None, Token | None],
        without: Token | None, tree: Token | None,
    ) -> said.Group:  # fmt: skip
        which, first, low, high = scope
        return said.Group(
            _word(volume), which, first.start_pos or 0, _maybe(low), _maybe(high),
            _maybe(without), _maybe(tree),
        )  # fmt: skip

    def compressed(self, volume: Token) -> said.Compressed:
        return said.Compressed(_word(volume))

    def lifetime(self, volume: Token) -> said.OverTime:
        return said.OverTime(_word(volume), Past.LIFETIME)

    def last_periods(self, volume: Token, periods: Token) -> said.OverTime:
        return said.OverTime(_word(volume), Past.LAST, _word(periods))

    def period_before(self, volume: Token) -> said.OverTime:
        return said.OverTime(_word(volume), Past.BEFORE)

    def growth(self, volume: Token) -> said.OverTime:
        return said.OverTime(_word(volume), Past.GROWTH)

    def self_and_downline(self, first: Token) -> Any:
        return Scope.SELF_AND_DOWNLINE, first, None, None

    def all_below(self, first: Token) -> Any:
        return Scope.DOWNLINE, first, None, None

    def self_and_frontline(self, first: Token) -> Any:
        return Scope.SELF_AND_FRONTLINE, first, None, None

    def level_one(self, first: Token) -> Any:
        return Scope.FRONTLINE, first, None, None

    def levels(self, first: Token, low: Token, high: Token | None = None) -> Any:
        return Scope.LEVELS, first, low, high or low

    def largest_leg(self, first: Token) -> Any:
        return Scope.LARGEST_LEG, first, None, None

    def all_but_largest(self, first: Token) -> Any:
        return Scope.ALL_BUT_LARGEST, first, None, None

    def side_leg(self, first: Token, side: Token) -> Any:
        return Scope.LEFT_LEG if side == "left" else Scope.RIGHT_LEG, first, None, None

    def weaker_leg(self, first: Token) -> Any:
        return Scope.WEAKER_LEG, first, None, None

    def stronger_leg(self, first: Token) -> Any:
        return Scope.STRONGER_LEG, first, None, None

    def share_of(self, share: Token, volume: Token) -> said.ShareOf:
        return said.ShareOf(_word(share), _word(volume))

    def within_time(self, number: Token, unit: str) -> said.Within:
        return said.Within(_word(number), unit == "months")

    def first_order(self) -> said.Within:
        return said.Within(None)
