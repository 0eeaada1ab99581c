"""The notation of `[[example]]`: lines of `network`, `sales` and `state` as tables of the lab.

A table's rows have the numbers of the lines of the plan file that they were read from, so that
whatever is wrong with a row is told with its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from commissions.engine import Plan
from commissions.engine.plan import TreeKind
from commissions.lab import orders as sales_csv
from commissions.lab import people as members_csv
from commissions.lab import state as state_csv
from commissions.lab.cells import moment
from commissions.lab.mistakes import Notes
from commissions.lab.people import STATUSES, placed_trees
from commissions.lab.tables import Table
from commissions.plan.mistakes import closest

JOINED = "2025-01-01"
UTC = ZoneInfo("UTC")
SAID = ("rank", "joined", "enroller", "market", "holder")
COLUMN_OF = {"joined": "joined_at"}

Cells = dict[str, str]


class Unclear(Exception):
    """A line that cannot be read; the sentence says why, and what to write."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an example; `number` is its line in the plan file."""

    number: int
    text: str

    @property
    def indent(self) -> int:
        """Return how many spaces stand before the text."""
        return len(self.text) - len(self.text.lstrip())

    def parts(self) -> tuple[str, list[str]]:
        """Return what stands before the first comma, and what else is said."""
        first, *others = (part.strip() for part in self.text.split(","))
        return first, others


def lines_in(text: str, first: int) -> Iterator[Line]:
    """Yield the lines that count: no empty ones, and none that begin with `#`."""
    for number, line in enumerate(text.split("\n"), start=first):
        if line.strip() and not line.lstrip().startswith("#"):
            yield Line(number, line.rstrip())


@dataclass(slots=True)
class Rows:
    """Rows of a table while they are put together."""

    file: str
    notes: Notes
    cells: list[Cells]
    numbers: list[int]

    @classmethod
    def of(cls, file: str, notes: Notes) -> Rows:
        """Return no rows."""
        return cls(file, notes, [], [])

    def add(self, line: Line, cells: Cells) -> None:
        """Add a row."""
        self.cells.append(cells)
        self.numbers.append(line.number)

    def refuse(self, line: Line, problem: str) -> None:
        """Note a line that cannot be read."""
        self.notes.add(self.file, line.number, "", problem)

    def table(self, columns: Sequence[str]) -> Table:
        """Return the rows as a table."""
        names = dict.fromkeys([*columns, *(name for row in self.cells for name in row)])
        return Table(
            self.file,
            self.numbers,
            {name: [row.get(name, "") for row in self.cells] for name in names},
            self.notes,
        )


class Network:
    """Lines of `network`: who is there; the indent says who sponsors whom."""

    def __init__(self, plan: Plan, notes: Notes) -> None:
        self.plan = plan
        self.trees = {rule.name: rule for rule in placed_trees(plan)}
        self.rows = Rows.of("network", notes)
        self.by_id: dict[str, Cells] = {}

    def read(self, lines: Iterator[Line]) -> None:
        """Read all lines; what cannot be read is noted."""
        above: list[tuple[int, str]] = []
        for line in lines:
            if "\t" in line.text[: line.indent]:
                self.rows.refuse(line, "there is a tab: indent with spaces")
            indent = line.indent
            while above and above[-1][0] >= line.indent:
                indent = above.pop()[0]
            if indent != line.indent and "\t" not in line.text:
                self.rows.refuse(line, "its indent is that of nobody above")
            cells = self._row(line, above[-1][1] if above else "")
            above.append((line.indent, cells["id"]))

    def _row(self, line: Line, sponsor: str) -> Cells:
        name, space, rest = line.text.strip().partition(" ")
        cells = {"id": name, "sponsor": sponsor, "role": "distributor", "joined_at": JOINED}
        if "," in name or ":" in name:
            self.rows.refuse(line, f'"{name}" is no name: a name is one word, then comes a space')
        said: list[str] = []
        for part in rest.split(",") if space else []:
            try:
                found = self._said(part.strip(), name)
                twice = [column for column in found if column in said]
                if twice:
                    raise Unclear(f"{twice[0]} is said twice")
                said += found
                cells |= found
            except Unclear as problem:
                self.rows.refuse(line, str(problem))
        self.rows.add(line, cells)
        self.by_id.setdefault(name, cells)
        return cells

    def _said(self, part: str, name: str) -> Cells:
        """Return what one thing that is said of somebody stands for."""
        word, _, rest = part.partition(" ")
        rest = rest.strip()
        if part in STATUSES:
            return {"status": part}
        if part == "customer":
            return {"role": "customer"}
        if word in SAID and rest:
            return {COLUMN_OF.get(word, word): rest}
        if word in self.trees:
            return self._place(word, rest.split(), name)
        known = [*STATUSES, "customer", *SAID, *self.trees]
        near = closest(word, known)
        hint = f' Did you mean "{near}"?' if near else ""
        known_words = "a status, customer, rank, joined, enroller, market, holder or a tree"
        raise Unclear(f'"{part}" says nothing: write {known_words}.{hint}')

    def _place(self, tree: str, words: list[str], name: str) -> Cells:
        parent, leg = f"{tree}.parent", f"{tree}.leg"
        if words == ["top"]:
            return {parent: name}
        if self.trees[tree].kind == TreeKind.FREE and len(words) == 1:
            return {parent: words[0]}
        if self.trees[tree].kind != TreeKind.FREE and len(words) == 2:
            return {parent: words[0], leg: words[1]}
        example = "bob" if self.trees[tree].kind == TreeKind.FREE else "bob left"
        if self.trees[tree].kind == TreeKind.MATRIX:
            example = "bob 2"
        raise Unclear(f'write "{tree} {example}" or "{tree} top"')

    def customer(self, line: Line, name: str, sponsor: str) -> None:
        """Let a customer be there, who bought from a sponsor."""
        known = self.by_id.get(name)
        if known is None:
            cells = {"id": name, "sponsor": sponsor, "role": "customer", "joined_at": JOINED}
            self.by_id[name] = cells
            self.rows.add(line, cells)
        elif known["sponsor"] != sponsor:
            theirs = known["sponsor"] or "nobody"
            raise Unclear(f"the sponsor of {name} is {theirs}, not {sponsor}")

    def table(self) -> Table:
        """Return members.csv."""
        must, may = members_csv.columns_of(self.plan)
        return self.rows.table([*must, *may])


class Sales:
    """Lines of `sales`: what was bought."""

    def __init__(self, plan: Plan, network: Network, start: date, notes: Notes) -> None:
        self.plan = plan
        self.network = network
        self.start = start.isoformat()
        self.rows = Rows.of("sales", notes)
        self.by_id: dict[str, Cells] = {}

    def read(self, lines: Iterator[Line]) -> None:
        """Read all lines; what cannot be read is noted."""
        for line in lines:
            try:
                self._row(line)
            except Unclear as problem:
                self.rows.refuse(line, str(problem))

    def _row(self, line: Line) -> None:
        first, others = line.parts()
        id_, colon, rest = (part.strip() for part in first.partition(":"))
        words = rest.split()
        if not colon or not id_ or " " in id_ or not words:
            raise Unclear('write a sale like "s1: alice 100 50" or "r1: returns s1 -10 -5"')
        cells, figures = self._buyer(line, words)
        cells |= {"id": id_, **self._points(figures)}
        for part in others:
            try:
                cells |= self._said(part, cells)
            except Unclear as problem:
                self.rows.refuse(line, str(problem))
        if "at" not in cells:
            cells["at"] = self._usual_time(cells)
        self.by_id.setdefault(id_, cells)
        self.rows.add(line, cells)

    def _buyer(self, line: Line, words: list[str]) -> tuple[Cells, list[str]]:
        """Return who bought, or what came back, and the words after that."""
        if words[0] == "returns":
            sale = self.by_id.get(words[1]) if len(words) > 1 else None
            if sale is None:
                what = f'there is no sale "{words[1]}" above' if len(words) > 1 else "which sale"
                raise Unclear(f'{what}: write a return like "r1: returns s1 -10 -5"')
            return {"returns": words[1], "member": sale["member"]}, words[2:]
        if words[0] == "customer":
            if len(words) < 4 or words[2] != "of":
                raise Unclear('write a customer\'s order like "s1: customer ann of bob 100 50"')
            self.network.customer(line, words[1], words[3])
            return {"member": words[1], "purpose": "customer_order"}, words[4:]
        buyer = self.network.by_id.get(words[0])
        if buyer is not None and buyer["role"] == "customer":
            return {"member": words[0], "purpose": "customer_order"}, words[1:]
        return {"member": words[0], "purpose": "personal_use"}, words[1:]

    def _points(self, figures: list[str]) -> Cells:
        if not figures:
            return {}
        if len(figures) != 2:
            raise Unclear('write PV and CV after the buyer, "alice 100 50", or neither of them')
        return {"pv": figures[0], "cv": figures[1]}

    def _said(self, part: str, cells: Cells) -> Cells:
        """Return what one thing that is said of a sale stands for."""
        word, _, rest = part.partition(" ")
        rest = rest.strip()
        if part == "stock":
            if cells.get("purpose") != "personal_use":
                raise Unclear("only a distributor's own order is for stock")
            return {"purpose": "stock"}
        known = list(dict.fromkeys(["at", "order", "pv", "cv", "amount", *self.plan.columns]))
        if word in known and rest and " " not in rest:
            if word in cells:
                raise Unclear(f"{word} is said twice")
            return {word: rest}
        near = closest(word, known)
        hint = f' Did you mean "{near}"?' if near else ""
        raise Unclear(f'"{part}" says nothing: write at DATE, order 77, stock, "pv 30".{hint}')

    def _usual_time(self, cells: Cells) -> str:
        """Return the first moment of the period; of a return, not before its sale."""
        sale = self.by_id.get(cells.get("returns", ""))
        if sale is None:
            return self.start
        try:
            is_later = moment(sale["at"], UTC) > moment(self.start, UTC)
        except ValueError:
            return self.start
        return sale["at"] if is_later else self.start

    def table(self) -> Table:
        """Return sales.csv."""
        return self.rows.table([*sales_csv.columns_of(self.plan), *sales_csv.OPTIONAL])


def state_rows(file: str, lines: Iterator[Line], notes: Notes) -> Table:
    """Return lines of `state` or `carries`, `MEMBER KEY VALUE`, as a table."""
    rows = Rows.of(file, notes)
    for line in lines:
        member, _, rest = line.text.strip().partition(" ")
        rest = rest.strip()
        if rest.startswith("rank."):
            key, _, value = rest.partition(" ")  # names of ranks may have several words
        else:
            key, _, value = rest.rpartition(" ")  # and so may names of bonuses
        if not key.strip() or not value.strip():
            rows.refuse(line, 'write "MEMBER KEY VALUE", like "alice lifetime.PV 500"')
            continue
        rows.add(line, {"member": member, "key": key.strip(), "value": value.strip()})
    return rows.table(state_csv.COLUMNS)
