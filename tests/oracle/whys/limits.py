"""What limits took off those who are paid on a sale."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.oracle.lines import Answer, Line
from tests.oracle.plan import Plan


@dataclass(frozen=True)
class Cut:
    """A limit: its name, its key, the level, and what was due and is paid."""

    member: str
    name: str
    limit: str
    level: int
    due: int
    paid: int


def cut_of(line: Line) -> Cut:
    due = int(line.grounds.whole)
    return Cut(line.earner, line.bonus, line.limit, line.level, due, due + line.amount)


def cuts(answer: Answer) -> list[Line]:
    return [line for line in answer.lines if line.limit]


def on_sale(answer: Answer, bonus: str, lines: Iterable[Line]) -> Counter[Cut]:
    """Return what is told of those whom a bonus pays on a sale; `lines` are those of the sale."""
    lines = list(lines)
    limited = {f"Cap on {bonus}"}
    if bonus in inside(answer.run.plan):
        limited.add("Payout cap")
    earners = {line.earner for line in lines}
    buyers = {(line.earner, line.level, line.buyer) for line in lines}
    return Counter(
        cut_of(line)
        for line in cuts(answer)
        if line.bonus in limited
        and line.earner in earners
        and (line.limit != "per_buyer" or (line.earner, line.level, buyer_of(line)) in buyers)
    )


def buyer_of(line: Line) -> str | None:
    return line.grounds.lines[0].buyer


def inside(plan: Plan) -> list[str]:
    names = [bonus.name for bonus in plan.bonuses]
    return names if plan.cap.inside is None else list(plan.cap.inside)


def of_everybody(answer: Answer) -> Iterator[Cut]:
    """Yield what limits took off everybody; of single buyers, on a level together."""
    by_level: dict[tuple[str, str, int], list[Cut]] = defaultdict(list)
    for line in cuts(answer):
        cut = cut_of(line)
        if cut.limit == "per_buyer":
            by_level[cut.member, cut.name, cut.level].append(cut)
        else:
            yield cut
    for (member, name, level), some in by_level.items():
        due, paid = sum(cut.due for cut in some), sum(cut.paid for cut in some)
        yield Cut(member, name, "per_buyer", level, due, paid)
