"""`binary`: two legs that are paired."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.oracle.bonuses.legs import ZERO, Leg, Legs, stronger, weaker
from tests.oracle.groups import leg_of
from tests.oracle.lines import Grounds, Line, Paid
from tests.oracle.plan import Bonus, Rate
from tests.oracle.rates import is_qualified, one_rate_for, part_of
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.state import Row


def work_out(run: Run, bonus: Bonus) -> Paid:
    """Return the lines of everybody, and what everybody carries, paid or not."""
    all_of_it = Paid()
    sold_by = by_owner(run, bonus)
    for id in run.members:
        one = Pairing(run, bonus, id, sold_by)
        all_of_it.lines += one.lines()
        all_of_it.state += one.carried()
    return all_of_it


def by_owner(run: Run, bonus: Bonus) -> dict[str, list[tuple[Sold, Fraction]]]:
    """Return the sales that legs are made of, with their bases.

    With `on_return = "volume"`, late returns are among them.
    """
    found: dict[str, list[tuple[Sold, Fraction]]] = {}
    late = [each.back for each in run.late] if bonus.on_return == "volume" else []
    for sold in [*run.paying, *late]:
        base = run.base(bonus.keys["pays_on"], sold)
        if sold.owner is not None and run.member(sold.owner).policies.keeps_volume and base != 0:
            found.setdefault(sold.owner, []).append((sold, base))
    return found


class Pairing:
    """The legs of one distributor."""

    def __init__(
        self, run: Run, bonus: Bonus, id: str, sold_by: dict[str, list[tuple[Sold, Fraction]]]
    ) -> None:
        self.run, self.bonus, self.id = run, bonus, id
        tree = run.trees[bonus.keys["tree"]]
        self.own = sold_by.get(id, [])
        sold = [
            [each for person in leg_of(tree, id, number) for each in sold_by.get(person, [])]
            for number in (1, 2)
        ]
        self.sold = [*sold[0], *sold[1]]
        self.legs: Legs = (self.leg("left", sold[0]), self.leg("right", sold[1]))
        self.lots_carried_in = sum((sum(leg.carried.values(), ZERO) for leg in self.legs), ZERO)
        self.cycles = int(run.state.number(id, f"{bonus.name}.cycles"))
        self.enter_own_volume()

    def leg(self, side: str, sold: list[tuple[Sold, Fraction]]) -> Leg:
        """Return a leg with its lots, without those that are too old, and its new volume."""
        lots = self.run.state.lots(self.id, f"{self.bonus.name}.{side}")
        expires = self.bonus.keys.get("carry_expires")
        if expires is not None:
            lots = {day: lot for day, lot in lots.items() if self.age(day) <= expires}
        return Leg(lots, sum((base for _, base in sold), ZERO), self.run.period.start)

    def age(self, day: date) -> int:
        return self.run.period.age_of(day)

    def enter_own_volume(self) -> None:
        side = self.bonus.keys.get("own_volume", "none")
        if side == "none":
            return
        left, right = self.legs
        weaker_or_left = right if right.has < left.has else left
        leg = {"weaker": weaker_or_left, "left": left, "right": right}[side]
        leg.new += sum((base for _, base in self.own), ZERO)
        self.sold += self.own

    def lines(self) -> list[Line]:
        """Pair the legs, and return what is paid for it."""
        if is_qualified(self.run, self.bonus, self.id) and self.has_pay():
            return list(self.by_cycles() if self.steps else self.by_rates())
        do = self.bonus.keys.get("while_unqualified", "carry")
        if do == "add nothing":
            for leg in self.legs:
                leg.new = ZERO
        elif do == "lose stronger":
            stronger(self.legs).lose_all()
        elif do == "lose both":
            for leg in self.legs:
                leg.lose_all()
        elif do == "use up":
            list(self.by_cycles() if self.steps else self.by_rates())
        return []

    def has_pay(self) -> bool:
        tables = [f"cycle {n}" for n in range(1, len(self.steps) + 1)] or ["rates"]
        return any(one_rate_for(self.run, self.bonus, self.id, key) for key in tables)

    @property
    def steps(self) -> list[dict[str, str]]:
        return list(self.bonus.keys.get("cycle", []))

    def by_rates(self) -> Iterator[Line]:
        """Take what the two legs both have off both; it is the base."""
        low, high = weaker(self.legs).has, stronger(self.legs).has
        if low <= 0:
            return
        for leg in self.legs:
            leg.take(low)
        rate = one_rate_for(self.run, self.bonus, self.id)
        if rate is not None and rate.per_cent != 0:
            exact = part_of(self.run, self.bonus, low, rate.per_cent)
            if self.bonus.keys.get("ratio", False):
                exact = exact * low / high
            yield self.line(0, low, rate, exact)

    def by_cycles(self) -> Iterator[Line]:
        """Take the next step's points off both legs, as often as they have them."""
        most, beyond = self.bonus.keys.get("most_cycles"), self.bonus.keys.get("beyond", "stay")
        paid: dict[int, int] = {}
        for_good = self.bonus.keys.get("steps", "each period") == "for good"
        done, so_far = 0, self.cycles if for_good else 0
        while most is None or done < most or beyond == "are used up":
            number = self.step_after(so_far + done)
            step = self.steps[number - 1]
            high, low = stronger(self.legs), weaker(self.legs)
            strong, weak = Fraction(step["strong"]), Fraction(step["weak"])
            if high.has < strong or low.has < weak:
                break
            high.take(strong)
            low.take(weak)
            if most is None or done < most:
                paid[number] = paid.get(number, 0) + 1
            done += 1
        self.cycles += done
        for number, times in sorted(paid.items()):
            yield from self.on_cycles(number, times)

    def step_after(self, cycles: int) -> int:
        """Return the number of the step that comes after so many cycles."""
        for number, step in enumerate(self.steps, 1):
            if "times" not in step or cycles < int(step["times"]):
                return number
            cycles -= int(step["times"])
        return len(self.steps)

    def on_cycles(self, number: int, times: int) -> Iterator[Line]:
        step = self.steps[number - 1]
        rate = one_rate_for(self.run, self.bonus, self.id, f"cycle {number}")
        if rate is None or rate in (Rate(), Rate(money=0)):
            return
        weak = Fraction(step["weak"])
        pay = rate.money
        if pay is None:
            of = Fraction(step.get("of", step["weak"]))
            pay = self.run.plan.rounded(part_of(self.run, self.bonus, of, rate.per_cent))
        yield self.line(number, times * weak, rate, Fraction(times * pay))

    def line(self, level: int, base: Fraction, rate: Rate, exact: Fraction) -> Line:
        volumes: dict[str, Fraction] = {}
        for sold, figure in self.sold:
            volumes[sold.id] = volumes.get(sold.id, ZERO) + figure
        whole = sum(volumes.values(), ZERO) + self.lots_carried_in
        return Line(
            earner=self.id,
            bonus=self.bonus.name,
            level=level,
            evidence=f"legs of {self.id}",
            base=base,
            rate=rate.per_cent,
            amount=self.run.plan.rounded(exact),
            exact=exact,
            grounds=Grounds(self.bonus.keys["pays_on"], volumes, whole),
        )

    def carried(self) -> Iterator[Row]:
        """Yield what is left, leg by leg, when the plan's limits have been applied."""
        carry = self.bonus.keys.get("carry", "both legs")
        left, right = self.legs
        if carry == "weaker leg" and left.has != right.has:
            stronger(self.legs).lose_all()
        if carry == "nothing":
            left.lose_all()
            right.lose_all()
        for side, leg in (("left", left), ("right", right)):
            if "carry_most" in self.bonus.keys:
                leg.lose_beyond(Fraction(self.bonus.keys["carry_most"]))
            for day, points in leg.lots().items():
                yield self.id, f"{self.bonus.name}.{side}@{day}", points
        if self.bonus.keys.get("steps") == "for good" and self.cycles:
            yield self.id, f"{self.bonus.name}.cycles", Fraction(self.cycles)
