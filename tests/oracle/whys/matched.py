"""What goes up of a member's earnings, and whom it met."""

from collections import Counter
from fractions import Fraction

from tests.oracle.bonuses.matching import in_bonus
from tests.oracle.lines import Answer
from tests.oracle.plan import Bonus
from tests.oracle.returns import posted_by_shorter, taken_back_by
from tests.oracle.whys.levels import in_generations
from tests.oracle.whys.told import Key, Told, without_place


def base_of(answer: Answer, of: str, member: str) -> Fraction:
    """Return what a member is paid by a bonus that is matched."""
    run = answer.run
    if run.plan.bonus(of).cadence == run.period.cadence:
        lines = [line for line in answer.lines if line.earner == member and in_bonus(line, of)]
        return Fraction(sum(line.amount for line in lines))
    posted, since = posted_by_shorter(run, member, of)
    return Fraction(sum(line.amount for line in posted) - taken_back_by(since))


def told_of_earning(
    answer: Answer, bonus: Bonus, of: str, member: str, by_table: Counter[Told], keys: set[Key]
) -> Counter[Told]:
    """Return what is told; `by_table` is what the table says of those whom the earning met."""
    if not base_of(answer, of, member):
        return Counter()
    told = by_table
    if leads_by_requirements(bonus):
        evidence = f"earnings of {member} in {of}"
        told = Counter(in_generations(answer.run, bonus, member, evidence, keys))
    return told + Counter(without_place(answer.run, bonus, member))


def leads_by_requirements(bonus: Bonus) -> bool:
    return bonus.keys.get("leaders") is not None and not is_by_rank_of_earner(bonus)


def is_by_rank_of_earner(bonus: Bonus) -> bool:
    return bool(bonus.keys.get("leaders") == "rank of the earner")
