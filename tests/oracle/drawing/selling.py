"""Draws what is sold: figures that meet thresholds exactly or miss them by a hundredth, returns."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.drawing.case import Bought, Person
from tests.oracle.drawing.draft import Draft

HUNDREDTH = Fraction(1, 100)
PURPOSES = ("kit", "sales_aid", "fee")


@dataclass
class Shop:
    """Everything that is drawn to be sold, in the order of the file."""

    draft: Draft
    people: list[Person]
    first_day: date
    rows: list[Bought] = field(default_factory=list)
    left: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    """What is left of each sale."""

    def open(self, start: date, end: date) -> None:
        """Sell for a period, and take back some of it and some of what was sold before."""
        dice = self.draft.dice
        there = [person for person in self.people if date_of(person.joined) < end]
        eager = dice.one_of([2, 4, 4, 8])
        for person in there:
            if dice.mostly(eager):
                self.sell(person, max(start, date_of(person.joined)), end)
        for _ in range(dice.one_of([0, 1, 2, 3, 5])):
            if there:
                person = dice.one_of(there)
                is_known = self.draft.short_cadence is None
                self.sell(person, start if is_known else max(start, date_of(person.joined)), end)
        if dice.one_in(40):
            self.sell_a_lot(there, start, end)
        for row in list(self.rows):
            if row.returns == "" and row.id in self.left and dice.one_in(7):
                self.take_back(row, start, end)

    def sell_a_lot(self, there: list[Person], start: date, end: date) -> None:
        """Sell some twenty times to the customers of one distributor."""
        dice = self.draft.dice
        sponsors = [person.sponsor for person in there if person.is_customer]
        if not sponsors:
            return
        of = dice.one_of(sponsors)
        buyers = [person for person in there if person.is_customer and person.sponsor == of]
        for _ in range(22):
            buyer = dice.one_of(buyers)
            self.sell(buyer, max(start, date_of(buyer.joined)), end)

    def sell(self, person: Person, start: date, end: date) -> None:
        """Sell something to somebody, in one or two lines of an order."""
        dice = self.draft.dice
        order = f"o{len(self.rows)}" if dice.one_in(5) else ""
        at = self.moment(start, end)
        for _ in range(1 + bool(order and dice.one_in(2))):
            id = f"s{len(self.rows)}"
            purpose = self.purpose(person)
            figures = self.figures() if purpose not in PURPOSES else {}
            if figures and at >= str(self.first_day):
                self.left[id] = dict(figures)
            self.rows.append(Bought(id, person.id, at, figures, purpose, order))

    def purpose(self, person: Person) -> str:
        dice = self.draft.dice
        if dice.one_in(25):
            return dice.one_of(PURPOSES)
        if person.is_customer:
            return dice.one_of(["", "", "customer_order"])
        return dice.one_of(["", "", "", "personal_use", "stock", "customer_order"])

    def moment(self, start: date, end: date) -> str:
        """Return a day or a moment in a period, often one of its ends."""
        dice = self.draft.dice
        last = max((end - start).days - 1, 0)
        day = start + timedelta(days=dice.one_of([0, last, dice.whole(0, last)]))
        return f"{day}T{dice.one_of(['00:00', '10:00', '23:59'])}" if dice.one_in(3) else str(day)

    def figures(self) -> dict[str, Fraction]:
        dice = self.draft.dice
        pv = self.points()
        figures = {column: self.points() for column in self.draft.columns}
        figures["pv"] = pv
        if "amount" in figures and not self.draft.decimals:
            figures["amount"] = Fraction(int(figures["amount"]))
        shares = [pv, pv, pv, halved(pv), cut(pv / 3), figures["cv"], figures["cv"]]
        figures["cv"] = dice.one_of(shares)
        return figures

    def points(self) -> Fraction:
        """Return points: of the plan's thresholds, near them, or small and odd."""
        dice = self.draft.dice
        unit = Fraction(self.draft.unit)
        known = sorted(self.draft.thresholds) or [unit]
        small = [each for each in known if each <= 3 * unit] or known
        if dice.one_in(2):
            near = dice.one_of([Fraction(0)] * 4 + [HUNDREDTH, -HUNDREDTH])
            return max(dice.one_of(small) + near, Fraction(0))
        if dice.one_in(300) and "cycle" not in str(self.draft.plan):
            return Fraction("123456789.01")
        parts = ("0", "0.1", "0.3", "0.5", "1", "1", "1", "1.5", "2", "2", "3", "5", "0.01")
        return halved(2 * unit * Fraction(dice.one_of(parts)))

    def take_back(self, sold: Bought, start: date, end: date) -> None:
        """Take some or all of a sale back, in one to three parts, later in the period."""
        dice = self.draft.dice
        first = max(start, date_of(sold.at))
        parts = dice.one_of([1, 1, 1, 2, 3])
        whole = dice.one_of([self.left[sold.id], {}, {}])
        day = first
        for part in range(parts):
            back = self.part_of(sold.id, parts - part, is_all=bool(whole))
            day = self.later(day, end)
            if str(day) < sold.at:
                return
            row = Bought(f"r{len(self.rows)}", sold.member, str(day), back, returns=sold.id)
            self.rows.append(row)

    def later(self, day: date, end: date) -> date:
        days = (end - day).days - 1
        return day + timedelta(days=self.draft.dice.whole(0, max(days, 0)))

    def part_of(self, id: str, parts: int, *, is_all: bool) -> dict[str, Fraction]:
        """Return what comes back, and remember what is left."""
        dice, left = self.draft.dice, self.left[id]
        back = {column: halved(2 * figure / parts) for column, figure in left.items()}
        if not is_all and dice.one_in(2):
            back = {column: halved(figure) for column, figure in back.items()}
        if "amount" in back and not self.draft.decimals:
            back["amount"] = Fraction(int(back["amount"]))
        if dice.one_in(10):
            back = {column: dice.one_of([figure, Fraction(0)]) for column, figure in back.items()}
        for column, figure in back.items():
            left[column] -= figure
        return {column: -figure for column, figure in back.items()}


def halved(points: Fraction) -> Fraction:
    """Return half of the points, in hundredths that are cut off."""
    return cut(points / 2)


def cut(points: Fraction) -> Fraction:
    """Return points without what is less than a hundredth.

    >>> cut(Fraction(1, 3)), cut(Fraction(2))
    (Fraction(33, 100), Fraction(2, 1))
    """
    return Fraction(int(points * 100), 100)


def date_of(text: str) -> date:
    return date.fromisoformat(text[:10])
