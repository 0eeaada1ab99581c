"""Late returns: what each takes back of lines that were posted before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tests.oracle.lines import Answer, Grounds, Line, Reversal
from tests.oracle.money import hundredth
from tests.oracle.run import Run
from tests.oracle.sales import Late, base_of


class Book:
    """What has been returned of each posted line, and taken back of it, by now."""

    def __init__(self, reversals: Iterable[Reversal]) -> None:
        self.returned: dict[int, Fraction] = defaultdict(Fraction)
        self.taken: dict[int, int] = defaultdict(int)
        for each in reversals:
            self.enter(each)

    def enter(self, reversal: Reversal) -> None:
        self.returned[id(reversal.of)] += reversal.returned
        self.taken[id(reversal.of)] -= reversal.line.amount

    def taken_of(self, lines: Iterable[Line]) -> int:
        return sum(self.taken[id(line)] for line in lines)


def reversals(run: Run) -> list[Reversal]:
    """Return what the late returns of this period take back, one return after the other."""
    rhythm = run.period.cadence
    prior = [each for each in run.question.prior if each.run.period.cadence == rhythm]
    book = Book(each for answer in prior for each in answer.reversals)
    shorter = [each for answer in run.question.shorter for each in answer.reversals]
    for each in before_this_period(prior):
        book.enter(each)
    found: list[Reversal] = []
    for late in run.late:
        for each in shorter:
            if each.line.evidence == late.back.id:
                book.enter(each)
        for answer in prior:
            for line in answer.as_worked_out:
                for reversal in taken_back(run, answer, line, late, book):
                    book.enter(reversal)
                    found.append(reversal)
    return found


def before_this_period(prior: Sequence[Answer]) -> Iterator[Reversal]:
    """Yield what shorter rhythms had taken back before, as earlier runs of this rhythm saw it."""
    for answer in prior:
        for shorter in answer.run.question.shorter:
            yield from shorter.reversals


def taken_back(run: Run, answer: Answer, line: Line, late: Late, book: Book) -> Iterator[Reversal]:
    """Yield the line that takes back what is due by now, less what was taken back before."""
    grounds = line.grounds
    before = book.returned[id(line)]
    if grounds.lines:
        returned = Fraction(book.taken_of(grounds.lines) - grounds.gone)
        if not follows_its_lines(answer, line):
            return
    elif comes_back(answer, line) and late.sale.id in grounds.volumes:
        assert grounds.volume is not None
        returned = before - base_of(answer.run.plan, grounds.volume, late.back)
    else:
        return
    whole = grounds.whole
    now, had = as_far_as(whole, returned), as_far_as(whole, before)
    if whole == 0 or now == had:
        return
    due = run.plan.rounded(line.amount * now / whole) - book.taken[id(line)]
    base = hundredths_of(line.base, now / whole) - hundredths_of(line.base, had / whole)
    yield Reversal(
        line=replace(
            line,
            evidence=late.back.id,
            base=-base,
            amount=-due,
            exact=Fraction(-due),
            grounds=Grounds(),
        ),
        reverses=line.evidence,
        of=line,
        returned=returned - before,
    )


def comes_back(answer: Answer, line: Line) -> bool:
    return answer.run.plan.bonus(line.bonus).on_return in ("line", "share")


def follows_its_lines(answer: Answer, line: Line) -> bool:
    """Return whether a line goes back with those it rests on: caps and deductions always do."""
    names = {bonus.name: bonus for bonus in answer.run.plan.bonuses}
    return line.bonus not in names or names[line.bonus].on_return == "line"


def as_far_as(whole: Fraction, returned: Fraction) -> Fraction:
    """Return what has been returned, but no more than there was (of a negative whole: no less)."""
    return min(returned, whole) if whole > 0 else max(returned, whole)


def hundredths_of(base: Fraction, share: Fraction) -> Fraction:
    return hundredth(base * share)


def posted_by_shorter(run: Run, member: str, bonus: str) -> tuple[list[Line], list[Reversal]]:
    """Return a member's lines in a bonus of a shorter rhythm, and what was taken back of them.

    They are those of the runs whose last day lies in this period; reversals of lines of earlier
    periods are not among them.
    """
    names = (bonus, f"Cap on {bonus}")
    lines = [
        line
        for answer in run.question.shorter
        for line in answer.as_worked_out
        if line.earner == member and line.bonus in names
    ]
    posted = {id(line) for line in lines}
    back = [
        each
        for answer in run.question.shorter
        for each in answer.reversals
        if id(each.of) in posted
    ]
    return lines, back


def taken_back_by(reversals: Iterable[Reversal]) -> int:
    return -sum(each.line.amount for each in reversals)
