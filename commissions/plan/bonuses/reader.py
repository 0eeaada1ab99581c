"""What every kind of bonus is read with: its table, and what markets say instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from commissions.engine.plan import (
    SPONSOR,
    Asks,
    ByMarket,
    Cap,
    Compression,
    GradeBy,
    Leaders,
    OnReturn,
    Rates,
    Requirement,
    Requirements,
    RoundAt,
    Term,
    TreeKind,
)
from commissions.engine.rounding import PPM
from commissions.plan import exact
from commissions.plan.bonuses.tables import BonusCapTable, BuyerCapTable
from commissions.plan.caps import bonus_cap
from commissions.plan.given import Given, texts_of
from commissions.plan.meaning import LEFT_OUT_HERE, Meaning
from commissions.plan.mistakes import closest, one_of
from commissions.plan.models import MarketBonusCapTable
from commissions.plan.rates import LEFT_OUT, Grade, LeftOut, RatesReader, Table, amount_of
from commissions.plan.requirements import requirements_of
from commissions.plan.toml import Node

GRADES = {
    "paid-as": GradeBy.PAID_AS,
    "title": GradeBy.TITLE,
    "highest": GradeBy.HIGHEST,
    "seller's paid-as": GradeBy.SELLER,
}
RANK_OF_EARNER = "rank of the earner"

Override = Given | LeftOut | None
"""What a market says of a bonus: something else, that it is left out, or nothing."""


@dataclass(slots=True)
class BonusReader:
    """Reads what kinds have in common; a mistake is noted and reads as something harmless."""

    given: Given
    overrides: tuple[Override, ...]
    meaning: Meaning
    number: int
    """The bonus's place in the plan."""
    by_sellers_rank: bool = False
    """Whether rates may go by the rank of the sale's owner."""
    grade: Grade = field(init=False)
    has_grades: bool = False
    is_money: bool = False

    def __post_init__(self) -> None:
        self.grade = self._grade()

    def refuse(self, key: str, problem: str, remedy: str, suggestion: str = "") -> None:
        """Note a mistake at the value of a key; of one that is missing, at the table."""
        node = self.given.value(key)
        is_table = node is None or isinstance(node.value, dict | list)
        place = self.given.place(key) if node is None or is_table else node.place
        self.meaning.mistakes.add(place, self.given.name(key), problem, remedy, suggestion)

    def common(self) -> dict[str, Any]:
        """Return what every rule has. Rates must have been read before."""
        cap = self._cap()
        self._check_grade()
        name = self.given.text("name")
        return {
            "name": name.value if name else "",
            "requires": self.requirements("requires"),
            "everybody": self.given.word("paid_to") == "everybody",
            "round_at": self._round_at(has_cap=cap is not None),
            "on_return": OnReturn[self.given.word("on_return").upper()],
            "cadence": self._cadence(),
            "part_ppm": self._part(),
            "cap": cap,
        }

    def _grade(self) -> Grade:
        text = self.given.text("rates_by") if "rates_by" in self.given.model.model_fields else None
        if text is None:
            return Grade()
        words = [word for word in GRADES if word != "seller's paid-as" or self.by_sellers_rank]
        if text.value in words:
            return Grade(GRADES[text.value])
        if text.value in self.meaning.names.volumes:
            return Grade(GradeBy.FIGURE, self.meaning.volumes.get(text.value) or 0)
        known = [*words, *self.meaning.names.volumes]
        self.refuse("rates_by", f'"{text.value}" is nothing that rates can go by.',
                    f"Write {one_of(known)}.", closest(text.value, known))  # fmt: skip
        return Grade()

    def _check_grade(self) -> None:
        if self.given.has("rates_by") and not self.has_grades:
            self.refuse(
                "rates_by", "This decides nothing: everybody has the same rates.",
                "Leave it out, or write rates for each grade.",
            )  # fmt: skip

    def rates(self, key: str, *, inherits: bool = True) -> Rates:
        """Return the rates or amounts of a key, by market, grade and level.

        Without `inherits`, a rank that is not named has none, instead of those of the one below.
        """
        own = self.given.value(key)
        if own is None:
            return Rates(self.grade.by, (((0,),),))
        reader = RatesReader(self.meaning, self.grade, inherits=inherits)
        here = (own, self.given.name(key))
        rates = reader.read([here, *(self._instead(one, key, here) for one in self.overrides)])
        self.has_grades = self.has_grades or reader.has_grades
        self.is_money = self.is_money or rates.is_money
        return rates

    def _instead(self, override: Override, key: str, own: Table) -> Table:
        if isinstance(override, LeftOut):
            return LEFT_OUT, ""
        instead = override.value(key) if override is not None else None
        return own if override is None or instead is None else (instead, override.name(key))

    def _cap(self) -> Cap | None:
        has_buyers = self.given.model.model_fields["cap"].annotation == BuyerCapTable | None
        given = self.given.table("cap", BuyerCapTable if has_buyers else BonusCapTable)
        instead = [
            one.table("cap", MarketBonusCapTable) if isinstance(one, Given) else None
            for one in self.overrides
        ]
        cap, by_grade = bonus_cap(given, instead, self.grade, self.meaning)
        self.has_grades = self.has_grades or by_grade
        return cap

    def requirements(self, key: str) -> ByMarket[Requirements]:
        """Return a list of requirements, by market."""
        own = requirements_of(self.given.texts(key), self.meaning, "others")
        return (own, *(self._asked(override, key, own) for override in self.overrides))

    def _asked(self, override: Override, key: str, own: Requirements) -> Requirements:
        if not isinstance(override, Given):
            return own
        node = override.value(key)
        if node is None:
            return own
        return requirements_of(texts_of(node, override.name(key)), self.meaning, "others")

    def never_where_left_out(self, common: dict[str, Any]) -> None:
        """Let nobody qualify where the bonus is left out, for kinds that have no rates."""
        never = Requirement(LEFT_OUT_HERE, (Term(Asks.WAS, need=len(self.meaning.ranks) + 1),))
        common["requires"] = (
            common["requires"][0],
            *(
                (never,) if isinstance(override, LeftOut) else asked
                for override, asked in zip(self.overrides, common["requires"][1:], strict=True)
            ),
        )

    def check_counts_sales(self, volume: str, on_return: OnReturn) -> None:
        """Refuse to follow returns in a volume that is not made of single sales."""
        index = self.meaning.volumes.get(volume)
        if on_return != OnReturn.SHARE or index is None or self.meaning.is_sale_volume(index):
            return
        self.refuse(
            "on_return", f"A return cannot be followed in {volume}, which is not made of orders.",
            'Write on_return = "none".',
        )  # fmt: skip

    def others(self, key: str) -> Requirements:
        """Return requirements that are the same in all markets."""
        return requirements_of(self.given.texts(key), self.meaning, "others")

    def pays_on(self) -> int:
        """Return the place of the sale volume that is paid on."""
        text = self.given.text("pays_on")
        index = self.meaning.volume_named(text) if text else None
        if text is None or index is None:
            return 0
        if not self.meaning.is_sale_volume(index):
            self.refuse(
                "pays_on", f"{text.value} is not made of orders, so no sale could be paid on.",
                'Name a sale volume, like "CV".',
            )  # fmt: skip
        return index

    def tree(self, default: int = SPONSOR, kinds: tuple[TreeKind, ...] = ()) -> int:
        """Return the place of the bonus's tree."""
        return self.meaning.tree_named(self.given.text("tree"), default, kinds)

    def compression(self) -> Compression:
        """Return who is looked through."""
        return Compression[self.given.word("compression").upper()]

    def leaders(self, *, by_rank_too: bool) -> Leaders:
        """Return who is a leader."""
        above = self.given.word("leader_sales") == "group above"
        text = self.given.text("leaders")
        if text is None:
            return Leaders(self.others("leaders"), sales_above=above)
        if not by_rank_too:
            return Leaders(sales_above=above)
        if text.value == RANK_OF_EARNER:
            return Leaders(rank_of_earner=True, sales_above=above)
        self.refuse(
            "leaders", "This does not say who is a leader.",
            f'Write a list of requirements, ["Silver"], or "{RANK_OF_EARNER}".',
            closest(text.value, [RANK_OF_EARNER]),
        )  # fmt: skip
        return Leaders(sales_above=above)

    def rank(self, key: str) -> int:
        """Return the number of the rank that a text names, 0 for none."""
        text = self.given.text(key)
        if text is None:
            return 0
        ranks = self.meaning.ranks
        if text.value in ranks:
            return ranks.index(text.value) + 1
        remedy = f"Write {one_of(ranks)}." if ranks else "Add a [[rank]] first."
        self.refuse(key, f'There is no rank "{text.value}".', remedy, closest(text.value, ranks))
        return 0

    def points(self, key: str) -> int:
        """Return points in hundredths, 0 where nothing stands; zero itself is refused."""
        text = self.given.text(key)
        try:
            points = exact.hundredths(text.value) if text else 0
        except ValueError:
            return 0
        if text and points == 0:
            is_needed = self.given.model.model_fields[key].is_required()
            remedy = "Write more." if is_needed else "Write more, or leave it out."
            self.refuse(key, "Zero points decide nothing.", remedy)
        return points

    def rate(self, key: str) -> int:
        """Return a per cent in parts per million, 0 where nothing stands."""
        text = self.given.text(key)
        try:
            return exact.rate_ppm(text.value) if text else 0
        except ValueError:
            return 0

    def amounts_in(self, node: Node, path: str) -> tuple[int, ...]:
        """Return the money in a list in smallest units."""
        items = node.value if isinstance(node.value, list) else []
        return tuple(
            amount_of(item, path, self.meaning) for item in items if isinstance(item.value, str)
        )

    def _round_at(self, *, has_cap: bool) -> RoundAt:
        word = self.given.word("round_at")
        if word != "line" and self.is_money:
            self.refuse("round_at", "Amounts of money need no rounding.",
                        'Write "line", or leave it out.')  # fmt: skip
        elif word == "earner" and has_cap:
            self.refuse(
                "round_at", "A bonus that is rounded with others cannot have a cap of its own.",
                'Write "bonus" or "line", or take the cap out.',
            )  # fmt: skip
        return RoundAt[word.upper()]

    def _cadence(self) -> str:
        text = self.given.text("cadence")
        if text is None or text.value not in CADENCES or self.meaning.cadence not in CADENCES:
            return ""
        if CADENCES.index(text.value) > CADENCES.index(self.meaning.cadence):
            self.refuse(
                "cadence", f"A {text.value} bonus is slower than the plan itself.",
                f'Write a shorter rhythm than "{self.meaning.cadence}".',
            )  # fmt: skip
        return "" if text.value == self.meaning.cadence else text.value

    def _part(self) -> int:
        if not self.given.has("part"):
            return PPM
        if self.is_money:
            self.refuse("part", "There is no base here of which a part could be taken.",
                        "Leave it out.")  # fmt: skip
        part = self.rate("part")
        if part == 0 and self.given.text("part") is not None:
            self.refuse("part", "This pays nobody anything.", 'Write more than "0%".')
        return part


CADENCES = ("daily", "weekly", "semi-monthly", "four-weekly", "monthly", "quarterly", "yearly")
"""From the shortest rhythm to the longest."""
