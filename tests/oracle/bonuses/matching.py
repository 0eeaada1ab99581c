"""`matching`: a share of what others earn."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tests.oracle.leaders import IsPaid, leaders_met, leaders_of
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
    for people, is_paid in ways_up(run, bonus, member):
        way = [each for each in walk(run, bonus, people, evidence) if is_paid(each.member)]
        met += way
        for each in way:
            if each.rule == PAID:
                yield from on_level(run, bonus, each, grounds)


def ways_up(run: Run, bonus: Bonus, member: str) -> Iterator[tuple[Iterator[str], IsPaid]]:
    """Yield whom the payment meets, and who of them is paid; in generations, leaders only."""
    tree = run.trees[bonus.keys.get("tree", "sponsor")]
    if bonus.keys.get("counted_in", "levels") == "levels":
        yield tree.upline(member), lambda _: True
        return
    for is_leader, is_paid in leaders_of(run, bonus):
        leaders = leaders_met(bonus, tree, member, is_leader)
        next(leaders, None)
        yield leaders, is_paid


def on_level(run: Run, bonus: Bonus, met: Met, grounds: Grounds) -> Iterator[Line]:
    rate = rates_for(run, bonus, met.member)[met.level - 1].per_cent
    if rate != 0:
        exact = grounds.whole * bonus.part * rate
        yield Line(
            earner=met.member,
            bonus=bonus.name,
            level=met.level,
            evidence=met.evidence,
            base=grounds.whole,
            rate=rate,
            amount=run.plan.rounded(exact),
            exact=exact,
            grounds=grounds,
        )
