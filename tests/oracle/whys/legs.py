"""What became of volume in the two legs of a binary."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.oracle.bonuses.binary import Pairing, by_owner
from tests.oracle.bonuses.legs import ZERO, Leg
from tests.oracle.plan import Bonus
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.whys.told import tree_of, why_never_paid


@dataclass(frozen=True)
class InLeg:
    """Points of somebody's left or right leg, what became of them, and why not more."""

    member: str
    side: str
    reason: str
    points: Fraction
    because: str | None = None


class LegsTold:
    """What is told of the legs of one bonus; each leg is looked at once."""

    def __init__(self, run: Run, bonus: Bonus) -> None:
        self.run, self.bonus = run, bonus
        self.sold_by = by_owner(run, bonus)
        self.known: dict[tuple[str, str], dict[str, Fraction]] = {}

    def of_sale(self, sold: Sold) -> Counter[InLeg]:
        """Return in whose legs a sale counts, and what became of what those legs got new."""
        base, owner = self.run.base(self.bonus.keys["pays_on"], sold), str(sold.owner)
        found: Counter[InLeg] = Counter()
        if base == 0:
            return found
        if not self.run.member(owner).policies.keeps_volume:
            return Counter([InLeg(owner, "", "state", base)])
        for id, side in self.legs_with(owner):
            because = self.why_not_paired(id)
            found[InLeg(id, side, "counted", base, because)] += 1
            for reason, points in self.became_of_new(id, side).items():
                if points:
                    found[InLeg(id, side, reason, points, because)] += 1
        if owner not in tree_of(self.run, self.bonus).parents:
            found[InLeg(owner, "", "not in tree", base)] += 1
        return found

    def pairing(self, id: str, *without: str) -> Pairing:
        """Return somebody's legs before they are paired, as if some keys were not said."""
        keys = {name: said for name, said in self.bonus.keys.items() if name not in without}
        return Pairing(self.run, replace(self.bonus, keys=keys), id, self.sold_by)

    def legs_with(self, owner: str) -> Iterator[tuple[str, str]]:
        """Yield everybody in whose legs the owner's volume is, and the side."""
        tree, own = tree_of(self.run, self.bonus), self.bonus.keys.get("own_volume", "none")
        if own == "weaker":
            left, right = self.pairing(owner, "own_volume").legs
            own = "right" if right.has < left.has else "left"
        if own != "none":
            yield owner, own
        below = owner
        while (above := tree.above(below)) is not None:
            yield above, {1: "left", 2: "right"}[tree.legs[below] or 0]
            below = above

    def why_not_paired(self, id: str) -> str | None:
        has_pay = self.pairing(id).has_pay()
        return why_never_paid(self.run, self.bonus, id, 1 if has_pay else None)

    def became_of_new(self, id: str, side: str) -> dict[str, Fraction]:
        """Return by reason what became of a leg's new volume; together they are all of it."""
        if (id, side) not in self.known:
            self.known[id, side] = self.fates(id, ("left", "right").index(side))
        return self.known[id, side]

    def fates(self, id: str, at: int) -> dict[str, Fraction]:
        def left(*without: str, paired: bool = True, carried: bool = False) -> Fraction:
            one = self.pairing(id, *without)
            if paired:
                one.lines()
            if carried:
                list(one.carried())
            return new_lot(one.legs[at])

        new, at_first, paired = self.pairing(id).legs[at].new, left(paired=False), left()
        do = self.bonus.keys.get("while_unqualified", "carry")
        because = self.why_not_paired(id)
        if because and do == "add nothing":
            return {"lost": new}
        found = {"made good": new - at_first}
        if because:
            found["used up" if do == "use up" else "lost"] = at_first - paired
        else:
            found["paired"] = at_first - left("beyond")
            found["used up"] = left("beyond") - paired
        kept = left("carry_most", carried=True)
        found["flushed"] = paired - kept
        found["carried"] = left(carried=True)
        found["full"] = kept - found["carried"]
        return found

    def lost_by(self, id: str) -> Counter[InLeg]:
        """Return what both legs lost altogether, by reason, and why they were not paired."""
        because = self.why_not_paired(id)
        found = Counter(
            InLeg(id, "", reason, points, because)
            for reason, points in self.losses(id, because).items()
            if points
        )
        weaker = min(leg.has for leg in self.pairing(id).legs)
        if because and weaker > 0:
            found[InLeg(id, "", because, weaker)] += 1
        return found

    def losses(self, id: str, because: str | None) -> dict[str, Fraction]:
        def have(*without: str, paired: bool = True, carried: bool = False) -> Fraction:
            one = self.pairing(id, *without)
            if paired:
                one.lines()
            if carried:
                list(one.carried())
            return sum((leg.has for leg in one.legs), ZERO)

        at_first, paired = have(paired=False), have()
        found = {"expired": have("carry_expires", paired=False) - at_first}
        is_used_up = self.bonus.keys.get("while_unqualified") == "use up"
        if because:
            found["used up" if is_used_up else "lost"] = at_first - paired
        else:
            found["used up"] = have("beyond") - paired
        kept = have("carry_most", carried=True)
        found["flushed"] = paired - kept
        found["full"] = kept - have(carried=True)
        return found


def new_lot(leg: Leg) -> Fraction:
    return leg.lots().get(leg.label, ZERO)
