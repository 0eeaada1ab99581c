"""Earlier runs, worked out again from what they wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commissions.engine import Plan, RunResult, calculate_run, result_digest
from commissions.engine.errors import EngineError
from commissions.engine.plan import PayKind
from commissions.lab.basis import NAME, Basis, read_basis
from commissions.lab.mistakes import Notes
from commissions.plan import PlanError, read_plan


@dataclass(eq=False)
class PostedRun:
    """A run that was written into a folder; `name` is how it is called in sentences."""

    name: str
    basis: Basis
    plan: Plan
    notes: Notes

    @property
    def cadence(self) -> str:
        """Return the rhythm of the run; empty for the plan's own."""
        return self.basis.snapshot.cadence

    @property
    def start(self) -> str:
        """Return the first day of its period."""
        return self.basis.start

    def has_day(self, day: str) -> bool:
        """Tell whether a day is in its period."""
        return self.basis.start <= day <= self.basis.last_day

    @cached_property
    def result(self) -> RunResult | None:
        """Return what the run found, worked out again; None, with a note, if it differs now."""
        try:
            result = calculate_run(self.basis.snapshot, self.plan)
        except EngineError as error:
            self.notes.add(self.name, 0, "", f"cannot be worked out again: {error}")
            return None
        if result_digest(result) != self.basis.result:
            problem = "comes out differently now: run it again, with the engine of today"
            self.notes.add(self.name, 0, "", problem)
            return None
        return result

    @cached_property
    def sale_ids(self) -> dict[int, str]:
        """Return the id of each sale by its number."""
        numbers = self.basis.snapshot.sale.tolist()
        return dict(zip(numbers, self.basis.sales, strict=True))

    @cached_property
    def places(self) -> dict[str, int]:
        """Return the snapshot's place of each sale that the run paid on."""
        snapshot = self.basis.snapshot
        paid_on = (snapshot.pays & ~snapshot.late).tolist()
        sales = zip(self.basis.sales, paid_on, strict=True)
        return {id_: place for place, (id_, is_paid_on) in enumerate(sales) if is_paid_on}

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """Return the owner's member number by the snapshot's place of a sale; -1 for nobody."""
        found = np.full(len(self.basis.sales), -1, np.int64)
        if self.result is not None:
            sales = self.result.ground.sales
            found[sales.at] = np.append(self.result.member, -1)[sales.owner]
        return found

    @cached_property
    def rows(self) -> dict[str, int]:
        """Return the network row of each distributor by id."""
        members = [] if self.result is None else self.result.member.tolist()
        return {self.basis.members[number]: row for row, number in enumerate(members)}

    def bonus_of(self, name: str) -> int:
        """Return the bonus that is paid, or limited, under a name; -1 if there is none."""
        for pay in self.plan.pays:
            if pay.name == name and pay.kind in (PayKind.BONUS, PayKind.CAP):
                return pay.of
        return -1


def read_posted(folders: Sequence[Path], plan: Plan, notes: Notes) -> list[PostedRun]:
    """Return the runs in these folders, in the order of their periods; mistakes are noted."""
    found = []
    for folder in folders:
        name = f"{folder.name}/{NAME}"
        try:
            basis = read_basis(folder)
            theirs = read_plan(basis.plan)
            date.fromisoformat(basis.start)
        except (ValueError, PlanError) as error:
            problem = str(error) if isinstance(error, ValueError) else "its plan cannot be read"
            notes.add(name, 0, "", problem)
            continue
        if theirs.currency != plan.currency:
            problem = f"that run is in {theirs.currency}, not in {plan.currency}"
            notes.add(name, 0, "", problem)
            continue
        found.append(PostedRun(name, basis, theirs, notes))
    return sorted(found, key=lambda run: run.start)
