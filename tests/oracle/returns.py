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
    """What has come back of each sale, and been taken back of each posted line, by now."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        self.returned: dict[int, Fraction] = defaultdict(Fraction)
        self.taken: dict[int, int] = defaultdict(int)

    def came_back(self, late: Late) -> None:
        for column, figure in late.back.figures.items():
            self.figures[late.sale.id][column] -= figure

    def enter(self, reversal: Reversal) -> None:
        self.returned[id(reversal.of)] = reversal.returned
        self.taken[id(reversal.of)] -= reversal.line.amount

    def taken_of(self, lines: Iterable[Line]) -> int:
        return sum(self.taken[id(line)] for line in lines)


def reversals(run: Run) -> list[Reversal]:
    """Return what the late returns of this period take back, one return after the other."""
    rhythm = run.period.cadence
    prior = [each for each in run.question.prior if each.run.period.cadence == rhythm]
    book = book_of(prior)
    found: list[Reversal] = []
    ours = {late.back.id for late in run.late}
    for late in all_late(run):
        if late.back.id in ours:
            book.came_back(late)
        for shorter in of_shorter(run):
            if shorter.line.evidence == late.back.id:
                book.enter(shorter)
        for answer in prior:
            found += taken_back_of(run, answer, late, book, is_ours=late.back.id in ours)
    return found


def all_late(run: Run) -> list[Late]:
    """Return the late returns of this period, and those of shorter ones that ended in it.

    What came back in a week that began in the month before is that month's for all but matching.
    """
    lists = [run.late, *(answer.run.late for answer in run.question.shorter)]
    found = {late.back.id: late for some in lists for late in some}
    numbers = {row.id: number for number, row in enumerate(run.sales.rows)}
    return sorted(
        found.values(), key=lambda late: (late.at, numbers.get(late.back.id, len(numbers)))
    )


def book_of(prior: Sequence[Answer]) -> Book:
    """Return what had come back, and been taken back, when the period began."""
    book = Book()
    for answer in prior:
        for late in answer.run.late:
            book.came_back(late)
        for reversal in [*answer.reversals, *of_shorter(answer.run)]:
            book.enter(reversal)
    return book


def taken_back_of(
    run: Run, answer: Answer, late: Late, book: Book, *, is_ours: bool
) -> Iterator[Reversal]:
    """Yield what a return takes back of an earlier run, line by line, as the lines came to be."""
    for line in answer.as_worked_out:
        if not is_ours and not line.grounds.lines:
            continue
        for reversal in taken_back(run, answer, line, late, book):
            book.enter(reversal)
            yield reversal


def of_shorter(run: Run) -> Iterator[Reversal]:
    """Yield what shorter rhythms took back in the period of a run."""
    for answer in run.question.shorter:
        yield from answer.reversals


def taken_back(run: Run, answer: Answer, line: Line, late: Late, book: Book) -> Iterator[Reversal]:
    """Yield the line that takes back what is due by now, less what was taken back before."""
    grounds = line.grounds
    if grounds.lines and follows_its_lines(answer, line):
        returned = Fraction(book.taken_of(grounds.lines) - grounds.gone)
    elif late.sale.id in grounds.volumes and comes_back(answer, line):
        returned = returned_of(answer, grounds, late, book)
    else:
        return
    whole, before = grounds.whole, book.returned[id(line)]
    now = as_far_as(whole, returned)
    if whole == 0 or now == before:
        return
    due = run.plan.rounded(line.amount * now / whole) - book.taken[id(line)]
    base = hundredth(line.base * now / whole) - hundredth(line.base * before / whole)
    back = replace(
        line,
        evidence=late.back.id,
        base=-base,
        amount=-due,
        exact=Fraction(-due),
        grounds=Grounds(),
    )
    yield Reversal(line=back, reverses=line.evidence, of=line, returned=now)


def returned_of(answer: Answer, grounds: Grounds, late: Late, book: Book) -> Fraction:
    """Return *R*: what the figures of all that came back by now are in the volume paid on."""
    assert grounds.volume is not None
    total = Fraction(0)
    sales = answer.run.sales
    for sale_id in grounds.volumes:
        if sale_id in book.figures:
            back = replace(sales.by_id[sale_id], figures=book.figures[sale_id])
            total += base_of(answer.run.plan, grounds.volume, sales.sold(back, back))
    return total


def comes_back(answer: Answer, line: Line) -> bool:
    return answer.run.plan.bonus(line.bonus).on_return in ("line", "share")


def follows_its_lines(answer: Answer, line: Line) -> bool:
    """Return whether a line goes back with those it rests on: caps and deductions always do."""
    names = {bonus.name: bonus for bonus in answer.run.plan.bonuses}
    return line.bonus not in names or names[line.bonus].on_return == "line"


def as_far_as(whole: Fraction, returned: Fraction) -> Fraction:
    """Return what has been returned, but no more than there was (of a negative whole: no less)."""
    return min(returned, whole) if whole > 0 else max(returned, whole)


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
