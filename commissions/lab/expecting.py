"""What an example says must come out: lines of `standings`, `pays` and `carries`, and held against
what a run found.

Differences are told in sentences that a plan's owner understands, each with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import Plan
from commissions.engine.plan import Unit
from commissions.lab.figures import figure, per_cent, points, scaled
from commissions.lab.lines import LineTable
from commissions.lab.notation import Line, Unclear
from commissions.lab.outcome import Outcome
from commissions.plan.exact import rate_ppm
from commissions.plan.mistakes import closest

Bools = NDArray[np.bool_]

COUNT = re.compile(r"\s*=\s*(\S+?)\s*(?:,|$)")
POINTS = re.compile(r"\s+(\S+?)\s*(?:,|$)")
TO_COMMA = re.compile(r"([^,]*)(?:,|$)")
TAIL = re.compile(r"(?: level (\d{1,4})(?: (\S+))?)?$")
RANKS = {"rank": "paid_as", "qualified": "qualified", "title": "title"}
NO_RANK = "none"


def hinted(problem: str, word: str, known: list[str]) -> Unclear:
    """Return a mistake with the word that was perhaps meant."""
    near = closest(word, known)
    return Unclear(problem + (f' Did you mean "{near}"?' if near else ""))


class StandingsLine:
    """A line of `standings`, read and compared; each thing said gives a sentence if it differs."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.plan = outcome.plan
        self.figures = sorted((each.name for each in self.plan.figures), key=len, reverse=True)

    def differences(self, line: Line) -> Iterator[str]:
        """Yield what comes out differently; `Unclear` if the line cannot be read."""
        name, _, rest = line.text.strip().partition(" ")
        row = self.outcome.people.row_of(name)
        if row < 0:
            raise hinted(
                f'there is no distributor "{name}" in the example.', name, self.outcome.people.ids
            )
        if not rest.strip():
            raise Unclear('write what must come out, like "alice PV 100, active, rank Silver"')
        at = int(self.outcome.result.network.row[row])
        rest = rest.strip()
        while rest:
            found, rest = self._next(name, at, rest)
            yield from found

    def _next(self, name: str, at: int, text: str) -> tuple[list[str], str]:
        """Return the sentences on what is said first, and what is said after that."""
        for said in self.figures:
            if text.startswith(said):
                wanted = COUNT.match(text, len(said)) or POINTS.match(text, len(said))
                if wanted:
                    return self._figure(name, at, said, wanted[1]), text[wanted.end() :].strip()
        part = TO_COMMA.match(text)
        said = part[1].strip() if part else text
        after = text[part.end() :].strip() if part else ""
        word, _, rank = said.partition(" ")
        if said in {"active", "inactive"}:
            return self._active(name, at, said), after
        if word in RANKS and rank:
            return self._rank(name, at, word, rank.strip()), after
        if said in self.figures:
            raise Unclear(f'how much is {said}? Write "{said} 100"')
        known = ["active", "inactive", *RANKS, *self.figures]
        asked = said.rpartition(" = ")[0] or said.rpartition(" ")[0] or said
        raise hinted(f'"{said}" is no figure of this plan.', asked, known)

    def _figure(self, name: str, at: int, said: str, text: str) -> list[str]:
        index = self.plan.figure_index(said)
        is_points = self.plan.figures[index].unit == Unit.POINTS
        try:
            wanted = scaled(text, 2 if is_points else 0)
        except ValueError as error:
            raise Unclear(f"{said}: {error}") from error
        value = int(self.outcome.result.standings.figures[index][at])
        if value == wanted:
            return []
        shown = points if is_points else str
        return [f"{name}: {said} is {shown(value)}, the example says {shown(wanted)}"]

    def _active(self, name: str, at: int, said: str) -> list[str]:
        is_so = "active" if self.outcome.result.standings.active[at] else "inactive"
        return [] if is_so == said else [f"{name} is {is_so}, the example says {said}"]

    def _rank(self, name: str, at: int, word: str, rank: str) -> list[str]:
        known = [NO_RANK, *(each.name for each in self.plan.ranks)]
        if rank not in known:
            raise hinted(f'the plan has no rank "{rank}".', rank, known)
        held = int(getattr(self.outcome.result.standings, RANKS[word])[at])
        is_so = self.plan.rank_name(held) or NO_RANK
        if is_so == rank:
            return []
        what = f"{word} is" if word != "qualified" else "qualified-as is"
        return [f"{name}: {what} {is_so}, the example says {rank}"]


@dataclass(frozen=True, slots=True)
class Pays:
    """A line of `pays`: which lines it covers, and what they come to together."""

    earner: str
    amount: int
    sale: str = ""
    bonus: str = ""
    level: int | None = None
    rate_ppm: int | None = None

    def covers(self, lines: LineTable) -> Bools:
        """Tell which lines are covered."""
        found: Bools = lines.member == lines.members.index(self.earner)
        if self.sale:
            found &= np.array([text == self.sale for text in lines.evidence], np.bool_)
        if self.bonus:
            found &= lines.name == lines.names.index(self.bonus)
        if self.level is not None:
            found &= lines.level == self.level
        if self.rate_ppm is not None:
            found &= lines.rate_ppm == self.rate_ppm
        return found

    def differs(self, lines: LineTable, covered: Bools, decimals: int) -> str:
        """Return what comes out differently, nothing if it does not."""
        paid = int(lines.amount[covered].sum())
        if paid == self.amount:
            return ""
        so_much = figure(paid, decimals) if covered.any() else "nothing"
        on = f" on {self.sale}" if self.sale else ""
        said = f"the example says {figure(self.amount, decimals)}"
        if not self.bonus:
            return f"{self.earner} is paid {so_much}{on}, {said}"
        level = f" level {self.level}" if self.level is not None else ""
        rate = f" {per_cent(self.rate_ppm)}" if self.rate_ppm is not None else ""
        return f"{self.earner}: {self.bonus}{level}{rate}{on} pays {so_much}, {said}"


def pays_line(line: Line, outcome: Outcome) -> Pays:
    """Return what a line of `pays` says; `Unclear` if it cannot be read."""
    said, colon, text = line.text.strip().rpartition(":")
    if not colon:
        raise Unclear('write "EARNER BONUS level 2: 5.00" or "EARNER <- SALE BONUS: 5.00"')
    try:
        amount = scaled(text.strip(), outcome.plan.exponent)
    except ValueError as error:
        raise Unclear(str(error)) from error
    earner, _, rest = said.strip().partition(" ")
    rest = rest.strip()
    if outcome.people.row_of(earner) < 0:
        people = outcome.people.ids
        raise hinted(f'there is no distributor "{earner}" in the example.', earner, people)
    sale = ""
    if rest.startswith("<-"):
        sale, _, rest = rest.removeprefix("<-").strip().partition(" ")
        if sale not in outcome.orders.number:
            raise hinted(f'there is no sale "{sale}" in the example.', sale, outcome.orders.ids)
    return Pays(earner, amount, sale, *_bonus(rest.strip(), outcome.plan))


def _bonus(text: str, plan: Plan) -> tuple[str, int | None, int | None]:
    """Return bonus, level and rate of what a line of `pays` narrows."""
    if not text:
        return "", None, None
    names = sorted((pay.name for pay in plan.pays), key=len, reverse=True)
    for name in names:
        tail = TAIL.match(text, len(name)) if text.startswith(name) else None
        if tail is None:
            continue
        try:
            rate = rate_ppm(tail[2]) if tail[2] else None
        except ValueError as error:
            raise Unclear(str(error)) from error
        return name, int(tail[1]) if tail[1] else None, rate
    for name in names:
        if text.startswith(f"{name} "):
            rest = text.removeprefix(name).strip()
            raise Unclear(f'"{rest}" after {name}: write "level 2" or "level 2 5%" there')
    raise hinted(f'"{text}" is no bonus, cap or deduction of this plan.', text, names)


def uncovered(lines: LineTable, covered: Bools, decimals: int) -> Iterator[str]:
    """Yield what is paid though no line of the example says so."""
    for at in np.flatnonzero(~covered & (lines.amount != 0)).tolist():
        level = f" level {lines.level[at]}" if lines.level[at] else ""
        amount = figure(int(lines.amount[at]), decimals)
        yield (
            f"{lines.members[lines.member[at]]}: {lines.names[lines.name[at]]}{level}"
            f" on {lines.evidence[at]} pays {amount}, and no line of the example says so"
        )


def carried_differently(member: str, key: str, value: str, outcome: Outcome) -> str:
    """Return what is carried otherwise than a row of `carries` says, nothing if it is as said."""
    held = [left for who, of, left in outcome.state if (who, of) == (member, key)]
    if any(_same(value, left) for left in held):
        return ""
    if not held:
        return f"{member}: {key} is not carried, the example says {value}"
    return f"{member}: {key} is {' and '.join(held)}, the example says {value}"


def _same(one: str, other: str) -> bool:
    try:
        return scaled(one, 2) == scaled(other, 2)
    except ValueError:
        return one == other
