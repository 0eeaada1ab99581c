"""`matching`: a share of what others earn."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tests.oracle.leaders import leader_test, leaders_met
from tests.oracle.lines import Grounds, Line, Met, Reversal
from tests.oracle.plan import Bonus
from tests.oracle.rates import rates_for
from tests.oracle.returns import posted_by_shorter, taken_back_by
from tests.oracle.run import Run
from tests.oracle.way_up import PAID, walk


def lines(run: Run, bonus: Bonus, met: list[Met], paid: Sequence[Line]) -> Iterator[Line]:
    """Yield what is paid on the earnings of members; `paid` are the lines so far, caps too."""
    for member in run.members:
        for of in bonus.keys["of"]:
            matched = [line for line in paid if line.earner == member and in_bonus(line, of)]
            reversed_since: list[Reversal] = []
            if run.plan.bonus(of).cadence != run.period.cadence:
                matched, reversed_since = posted_by_shorter(run, member, of)
            gone = taken_back_by(reversed_since)
            base = sum(line.amount for line in matched) - gone
            if base != 0:
                yield from on_earnings(
                    run,
                    bonus,
                    met,
                    member,
                    of,
                    Grounds(whole=Fraction(base), lines=tuple(matched), gone=gone),
                )


def in_bonus(line: Line, bonus: str) -> bool:
    """Return whether a line is of a bonus, or of its own cap."""
    return line.bonus in (bonus, f"Cap on {bonus}")


def on_earnings(
    run: Run, bonus: Bonus, met: list[Met], member: str, of: str, grounds: Grounds
) -> Iterator[Line]:
    """Yield the lines of one payment, which goes up as an own order of the member would."""
    evidence = f"earnings of {member} in {of}"
    for each in walk(run, bonus, people_met(run, bonus, member), evidence):
        met.append(each)
        rate = Fraction(0)
        if each.rule == PAID:
            rate = rates_for(run, bonus, each.member)[each.level - 1].per_cent
        if rate != 0:
            exact = grounds.whole * bonus.part * rate
            yield Line(
                earner=each.member,
                bonus=bonus.name,
                level=each.level,
                evidence=evidence,
                base=grounds.whole,
                rate=rate,
                amount=run.plan.rounded(exact),
                exact=exact,
                grounds=grounds,
            )


def people_met(run: Run, bonus: Bonus, member: str) -> Iterator[str]:
    tree = run.trees[bonus.keys.get("tree", "sponsor")]
    if bonus.keys.get("counted_in", "levels") == "levels":
        return tree.upline(member)
    leaders = leaders_met(bonus, tree, member, leader_test(run, bonus))
    next(leaders, None)
    return leaders
