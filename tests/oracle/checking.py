"""Says what of an example is not so: nothing at all, or a sentence for each figure."""

import re
from collections.abc import Iterable
from fractions import Fraction

from tests.oracle.lines import Answer, Line
from tests.oracle.notation import Example, Pays
from tests.oracle.period import work_out
from tests.oracle.phrases import plain
from tests.oracle.reading_requirements import Names, read_people
from tests.oracle.requirements import count
from tests.oracle.standings import Standing


def what_is_wrong(example: Example) -> list[str]:
    answer = work_out(example.question)
    return [
        *standings_missed(example, answer),
        *payments_missed(example, answer),
        *(
            f"is not carried: {member} {key} {value}, but {carried_like(answer, member, key)}"
            for member, key, value in example.carries
            if (member, key, value) not in answer.state
        ),
    ]


def carried_like(answer: Answer, member: str, key: str) -> list[str]:
    return [
        f"{row_key} {plain(value) if isinstance(value, Fraction) else value}"
        for of, row_key, value in answer.state
        if of == member and row_key.split("@")[0].split(".")[0] == key.split("@")[0].split(".")[0]
    ]


def standings_missed(example: Example, answer: Answer) -> list[str]:
    wrong = []
    for id, said in example.standings:
        for phrase in said:
            is_so = what_is(answer, id, phrase)
            if is_so != phrase:
                wrong.append(f"{id}: said {phrase}, is {is_so}")
    return wrong


def what_is(answer: Answer, id: str, phrase: str) -> str:
    """Return the phrase with what is really so: the same, if it is right."""
    standing = answer.standings[id]
    if phrase in ("active", "inactive"):
        return "active" if standing.is_active else "inactive"
    if " = " in phrase:
        counted, number = phrase.split(" = ")
        return f"{counted} = {as_written(number, counted_in(answer, id, counted))}"
    name, _, figure = phrase.partition(" ")
    if name in standing.volumes:
        return f"{name} {as_written(figure, standing.volumes[name])}"
    return f"{name} {rank_called(standing, name) or 'none'}"


def as_written(text: str, figure: Fraction) -> str:
    """Return the text if it says the figure, and else the figure."""
    return text if Fraction(text) == figure else plain(figure)


def counted_in(answer: Answer, id: str, phrase: str) -> Fraction:
    standing = answer.standings[id]
    if phrase in standing.counts:
        return standing.counts[phrase]
    run = answer.run
    return Fraction(count(run, read_people(phrase, Names(run.plan.volumes)), id))


def rank_called(standing: Standing, name: str) -> str | None:
    return {
        "rank": standing.paid_as,
        "qualified": standing.qualified_as,
        "title": standing.title,
    }[name]


def payments_missed(example: Example, answer: Answer) -> list[str]:
    """Compare what each line of `pays` covers, and find lines of the run that none covers.

    Lines of nothing need not be covered.
    """
    lines = [*answer.lines, *(each.line for each in answer.reversals)]
    unit = Fraction(1, 10**example.question.plan.decimals)
    wrong = []
    for pays in example.pays:
        amount = sum(line.amount for line in covered(pays, lines)) * unit
        if amount != pays.amount:
            wrong.append(f"{pays}: is {amount}, of {list(covered(pays, lines))}")
    for line in lines:
        if line.amount and not any(covers(pays, line) for pays in example.pays):
            wrong.append(f"no line of pays covers {line}")
    return wrong


def covered(pays: Pays, lines: Iterable[Line]) -> Iterable[Line]:
    return [line for line in lines if covers(pays, line)]


def covers(pays: Pays, line: Line) -> bool:
    return (
        pays.earner == line.earner
        and pays.evidence in (None, line.evidence)
        and pays.bonus in (None, line.bonus)
        and pays.level in (None, line.level)
        and pays.rate in (None, line.rate)
    )


def toml_blocks(text: str) -> list[str]:
    """Return the blocks of a page that are plans with examples."""
    blocks = re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [block for block in blocks if "[[example]]" in block]
