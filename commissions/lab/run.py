"""One run on files, from text to text."""

from __future__ import annotations

from commissions.engine import Plan
from commissions.lab import orders as sales_csv
from commissions.lab import people as members_csv
from commissions.lab import state as state_csv
from commissions.lab.mistakes import LabError, Notes
from commissions.lab.outcome import Given, Outcome, work_out
from commissions.lab.posted import read_posted
from commissions.lab.profiles import held_against
from commissions.lab.request import LabRequest, clock_of
from commissions.lab.tables import read_table
from commissions.lab.why import unknown
from commissions.lab.write import write_outcome
from commissions.plan import PlanError, read_plan
from commissions.plan.mistakes import cannot_be_read


def run_lab(request: LabRequest) -> Outcome:
    """Run a plan on files and write the results.

    `LabError` carries everything that is wrong with the request, and then nothing is written.
    """
    notes = Notes()
    outcome = work_out(_given(request, notes), notes)
    if wrong := list(unknown(outcome, request.explain, request.missed)):
        raise LabError(wrong)
    write_outcome(outcome, request.out)
    return outcome


def _given(request: LabRequest, notes: Notes) -> Given:
    text, plan = _plan(request)
    clock = clock_of(request, plan)
    must, may = members_csv.columns_of(plan)
    return Given(
        text=text,
        plan=plan,
        clock=clock,
        members=read_table(request.members, notes, must, may),
        sales=read_table(
            request.sales,
            notes,
            sales_csv.columns_of(plan),
            sales_csv.OPTIONAL,
            also=sales_csv.is_product_column,
        ),
        state=[read_table(path, notes, state_csv.COLUMNS) for path in request.state],
        prior=read_posted(request.prior, plan, notes),
        shorter=read_posted(request.shorter, plan, notes),
    )


def _plan(request: LabRequest) -> tuple[str, Plan]:
    path = request.plan
    try:
        text = path.read_text(encoding="utf-8")
        plan = read_plan(text)
    except PlanError as error:
        raise LabError(f"{path.name}: {mistake}" for mistake in error.mistakes) from error
    except (OSError, UnicodeDecodeError) as error:
        raise LabError([f"{path.name}: {cannot_be_read(error)}"]) from error
    if refused := held_against(text, request.profile).refused:
        raise LabError(f"{path.name}: {problem}" for problem in refused)
    return text, plan
