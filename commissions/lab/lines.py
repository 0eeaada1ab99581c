"""Lines in the words of the files: who is paid what, on what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import RunResult, lines_of
from commissions.engine.earned import Evidence
from commissions.engine.lines import Lines
from commissions.engine.plan import MatchingRule, Plan

Int64s = NDArray[np.int64]

WORDS = {
    Evidence.GROUP: "group of {member}",
    Evidence.LEGS: "legs of {member}",
    Evidence.LEVEL: "level {level} of {member}",
    Evidence.SHAPE: "shape of {member}",
    Evidence.POOL: "pool",
}


@dataclass(frozen=True, slots=True)
class LabLine:
    """A line as it is written; amounts and, with `in_money`, bases are smallest units.

    `place` puts lines of one earner, bonus, level and rate in order.
    """

    member: str
    bonus: str
    level: int
    evidence: str
    base: int
    rate_ppm: int
    amount: int
    in_money: bool = False
    reverses: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class LineTable:
    """Lines as columns, in the order in which they are written."""

    members: list[str]
    names: list[str]
    member: Int64s
    name: Int64s
    level: Int64s
    rate_ppm: Int64s
    base: Int64s
    amount: Int64s
    in_money: NDArray[np.bool_]
    evidence: list[str]
    reverses: list[str]

    def __len__(self) -> int:
        return len(self.amount)


def evidence_texts(
    lines: Lines, at: Sequence[int], plan: Plan, members: Sequence[str], sales: dict[int, str]
) -> list[str]:
    """Return what lines rest on, in words."""
    columns = (lines.evidence, lines.source, lines.source_bonus, lines.level)
    places = np.asarray(at, np.int64)
    found = []
    for kind, source, bonus, level in zip(
        *(column[places].tolist() for column in columns), strict=True
    ):
        if kind == Evidence.SALE:
            found.append(sales[source])
        elif kind == Evidence.EARNINGS:
            of_bonus = f" in {plan.bonuses[bonus].name}" if bonus >= 0 else ""
            found.append(f"earnings of {members[source]}{of_bonus}")
        else:
            member = members[source] if source >= 0 else ""
            found.append(WORDS[Evidence(kind)].format(member=member, level=level))
    return found


def in_money(plan: Plan) -> NDArray[np.bool_]:
    """Tell for each of `Plan.pays` whether bases of its lines are in money."""
    found = np.zeros(len(plan.pays), np.bool_)
    for index, rule in enumerate(plan.bonuses):
        found[index] = isinstance(rule, MatchingRule)
    return found


def line_table(
    result: RunResult, members: list[str], sales: dict[int, str], taken_back: Sequence[LabLine]
) -> LineTable:
    """Return all lines: by member, bonus, level, rate (the higher first) and what they rest on.

    Members are in the order of their numbers, bonuses in that of the plan, sales in that of their
    numbers; what returns take back comes after what is paid. Bonuses of earlier plans come last.
    """
    plan, lines = result.ground.plan, lines_of(result)
    names = list(
        dict.fromkeys([*(pay.name for pay in plan.pays), *(line.bonus for line in taken_back)])
    )
    number = {name: at for at, name in enumerate(names)}
    by_id = {id_: at for at, id_ in enumerate(members)} if taken_back else {}
    evidence = evidence_texts(lines, range(len(lines.amount)), plan, members, sales)

    def together(paid: NDArray[np.generic], back: Sequence[int]) -> Int64s:
        return np.concatenate([paid.astype(np.int64), np.array(back, np.int64)])

    columns = {
        "member": together(
            result.member[lines.earner], [by_id[line.member] for line in taken_back]
        ),
        "name": together(lines.bonus, [number[line.bonus] for line in taken_back]),
        "level": together(lines.level, [line.level for line in taken_back]),
        "rate_ppm": together(lines.rate_ppm, [line.rate_ppm for line in taken_back]),
        "base": together(lines.base, [line.base for line in taken_back]),
        "amount": together(lines.amount, [line.amount for line in taken_back]),
    }
    is_back = together(np.zeros(len(lines.amount)), [1] * len(taken_back))
    place = together(lines.source, [line.place for line in taken_back])
    money = np.append(in_money(plan)[lines.bonus], [line.in_money for line in taken_back])
    order = np.lexsort(
        (place, is_back, -columns["rate_ppm"], columns["level"], columns["name"], columns["member"])
    )
    evidence += [line.evidence for line in taken_back]
    reverses = [""] * len(lines.amount) + [line.reverses for line in taken_back]
    return LineTable(
        members=members,
        names=names,
        in_money=money.astype(np.bool_)[order],
        evidence=[evidence[at] for at in order.tolist()],
        reverses=[reverses[at] for at in order.tolist()],
        **{name: column[order] for name, column in columns.items()},
    )
