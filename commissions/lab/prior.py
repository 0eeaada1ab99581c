"""Late returns: whose volume they reduce, and what they take back of what earlier runs paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from commissions.engine import Flag, Plan, lines_of
from commissions.lab.basis import NAME, Returned, TakenBack
from commissions.lab.lines import LabLine, evidence_texts, in_money
from commissions.lab.orders import Orders, first_orders
from commissions.lab.people import People
from commissions.lab.posted import PostedRun
from commissions.lab.rhythms import Clock
from commissions.lab.selling import LateReturn, Owned, late_matters
from commissions.taking_back import Book, Change

LATE = "its sale is in an earlier run: name that one with --prior"


@dataclass(slots=True)
class Late:
    """What late returns do: to the engine's sales, and as lines that take back."""

    owned: list[tuple[LateReturn, Owned]] = field(default_factory=list)
    lines: list[LabLine] = field(default_factory=list)
    returned: list[Returned] = field(default_factory=list)
    taken_back: list[TakenBack] = field(default_factory=list)
    matched_back: list[TakenBack] = field(default_factory=list)


class LateReturns:
    """Follows the late returns of a run back to the runs that paid on their sales."""

    def __init__(
        self,
        plan: Plan,
        people: People,
        orders: Orders,
        clock: Clock,
        prior: Sequence[PostedRun],
        *,
        has_past: bool = True,
    ) -> None:
        self.plan = plan
        self.people = people
        self.orders = orders
        self.clock = clock
        self.prior = prior
        self.of_rhythm = [run for run in prior if run.cadence == clock.cadence]
        self.may_be_missing = not has_past or any(
            mistake.file.endswith(f"/{NAME}") for mistake in orders.table.notes.found
        )
        """There is no earlier run, or one could not be read: it may be the one that is missed."""

    def follow(
        self, late: Iterable[LateReturn], matched_back: Sequence[TakenBack], members: str
    ) -> Late:
        """Return what the late returns do; what is wrong is noted.

        `matched_back` is what the shorter runs that this one matches have taken back of earlier
        periods. `members` is the name of the file that earners must be in.
        """
        found = Late(matched_back=list(matched_back))
        paid: list[tuple[LateReturn, PostedRun]] = []
        for back in late:
            run = self._run_of(back)
            if run is not None and back.pays:
                paid.append((back, run))
            if late_matters(self.plan, self.clock, back):
                owned = self._owned(back, run, members)
                if owned is not None:
                    found.owned.append((back, owned))
        for run in self.of_rhythm:
            own = [back for back, paid_by in paid if paid_by is run]
            rows = [row for row in matched_back if run.has_day(row.last_day)]
            if own or rows:
                self._take_back(run, own, rows, found)
        missing = dict.fromkeys(
            line.member for line in found.lines if self.people.row_of(line.member) < 0
        )
        for member in missing:
            problem = f'"{member}", who was paid by a prior run, is missing'
            self.orders.table.notes.add(members, 0, "id", problem)
        return found

    def _run_of(self, back: LateReturn) -> PostedRun | None:
        """Return the run that paid on the sale, or note that there is none or more than one."""
        candidates = self.of_rhythm if back.pays else self.prior
        runs = [run for run in candidates if back.sale in run.places]
        if back.pays and len(runs) > 1:
            problem = f'"{back.sale}" is in two prior runs, {runs[0].name} and {runs[1].name}'
            self.orders.table.refuse(back.number, "returns", problem)
        elif back.pays and not (runs or self.may_be_missing or self._is_nobodys(back.sale)):
            self.orders.table.refuse(back.number, "returns", self._unknown(back.sale))
        return runs[0] if runs else None

    def _is_nobodys(self, sale: str) -> bool:
        """Tell whether a sale belongs to nobody, because no distributor is above the buyer."""
        number = self.orders.number.get(sale, -1)
        if number < 0 or self.orders.own[number] or self.orders.buyer[number] < 0:
            return False
        return bool(self.people.above[self.orders.buyer[number]] < 0)

    def _unknown(self, sale: str) -> str:
        if not self.prior:
            return LATE
        if sale in self.orders.number:
            return f'no prior run has paid on "{sale}": name the run of its period with --prior'
        return f'neither sales.csv nor a prior run has "{sale}"'

    def _owned(self, back: LateReturn, run: PostedRun | None, members: str) -> Owned | None:
        """Return what the engine must know of the sale; None if it belongs to nobody."""
        if run is None:
            return self._owned_now(back.sale)
        at = run.places[back.sale]
        snapshot, owner = run.basis.snapshot, int(run.owners[at])
        if owner < 0:
            return None
        id_ = run.basis.members[owner]
        seller = self.people.row_of(id_)
        if seller < 0:
            problem = f'"{id_}", whose sale "{back.sale}" comes back, is missing'
            self.orders.table.notes.add(members, 0, "id", problem)
            return None
        customer = int(snapshot.customer[at])
        if customer >= 0:
            number = self.people.number
            customer = number.get(run.basis.members[customer], len(number))
        return Owned(
            seller=seller,
            own=bool(snapshot.own[at]),
            customer=customer,
            age_days=int(snapshot.age_days[at]),
            age_months=int(snapshot.age_months[at]),
            first=bool(snapshot.first[at]),
        )

    def _owned_now(self, sale: str) -> Owned | None:
        """Return what sales.csv knows of a sale that no prior run is named for."""
        number = self.orders.number.get(sale, -1)
        if number < 0 or self.orders.buyer[number] < 0:
            return None
        buyer, own = int(self.orders.buyer[number]), bool(self.orders.own[number])
        row = int(self.people.row[buyer] if own else self.people.above[buyer])
        rows = self.people.distributors
        while not own and row >= 0 and not self.people.flags[rows[row]] & Flag.KEEPS_CUSTOMERS:
            row = int(self.people.above[rows[row]])
        if row < 0:
            return None
        joined = self.people.joined
        return Owned(
            seller=row,
            own=own,
            customer=-1 if own else buyer,
            age_days=int(self.orders.at.day[number] - joined.day[buyer]),
            age_months=int(self.orders.at.month[number] - joined.month[buyer]),
            first=bool(first_orders(self.orders)[number]),
        )

    def _take_back(
        self, run: PostedRun, own: list[LateReturn], rows: list[TakenBack], found: Late
    ) -> None:
        """Take back what one run paid, return by return, in the order of time."""
        if run.result is None:
            return
        before = [
            row for other in self.of_rhythm for row in other.basis.returned if row.of == run.start
        ]
        matched_before = [
            row
            for other in self.of_rhythm
            for row in other.basis.matched_back
            if run.has_day(row.last_day)
        ]
        numbers = {id_: int(run.basis.snapshot.sale[at]) for id_, at in run.places.items()}
        sales = [row.sale for row in before] + [back.sale for back in own]
        book = Book(run.result.ground, lines_of(run.result), [numbers[sale] for sale in sales])
        for row in before:
            book.come_back(numbers[row.sale], row.figures)
        matched: dict[tuple[int, int], int] = defaultdict(int)
        self._add(run, matched, matched_before)
        book.matched_back(matched)
        returns = {self.orders.ids[back.number]: back for back in own}
        for id_ in sorted({*returns, *(row.id for row in rows)}, key=self._moment):
            self._add(run, matched, [row for row in rows if row.id == id_])
            back = returns.get(id_)
            if back is None:
                changes = book.matched_back(matched)
            else:
                changes = book.come_back(numbers[back.sale], back.figures, matched)
                found.returned.append(Returned(id_, back.sale, run.start, back.figures))
            self._write(run, book, changes, id_, found)

    def _moment(self, id_: str) -> tuple[int, int, str]:
        """Return when something came back: by time, then in the order of the file."""
        number = self.orders.number.get(id_, len(self.orders.ids))
        known = number < len(self.orders.ids)
        return (int(self.orders.at.at[number]) if known else 0, number, id_)

    def _add(
        self, run: PostedRun, matched: dict[tuple[int, int], int], rows: Iterable[TakenBack]
    ) -> None:
        for row in rows:
            bonus = run.bonus_of(row.name)
            if bonus >= 0 and row.member in run.rows:
                matched[bonus, run.rows[row.member]] -= row.amount

    def _write(
        self, run: PostedRun, book: Book, changes: list[Change], id_: str, found: Late
    ) -> None:
        """Write down the lines by which a return takes back."""
        lines, at = book.lines, [change.line for change in changes]
        numbers = book.ground.network.member
        reverses = evidence_texts(lines, at, run.plan, run.basis.members, run.sale_ids)
        for change, text in zip(changes, reverses, strict=True):
            pay = int(lines.bonus[change.line])
            line = LabLine(
                member=run.basis.members[int(numbers[lines.earner[change.line]])],
                bonus=run.plan.pays[pay].name,
                level=int(lines.level[change.line]),
                evidence=id_,
                base=change.base,
                rate_ppm=int(lines.rate_ppm[change.line]),
                amount=change.amount,
                in_money=bool(in_money(run.plan)[pay]),
                reverses=text,
                place=self.orders.number.get(id_, len(self.orders.ids)),
            )
            found.lines.append(line)
            if self.clock.cadence:
                taken = TakenBack(
                    id_, run.start, run.basis.last_day, line.member, line.bonus, line.amount
                )
                found.taken_back.append(taken)
