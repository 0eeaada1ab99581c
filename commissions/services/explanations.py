"""Why a figure is what it is, and why there is not more: answered by a worker.

Live figures are brought up to date first, under the period's lock, and explained from the very
arrays that were published, so that the lines always add up to the figure beside them. Where a live
worker publishes, the answer may be a moment ahead of it: then it belongs to no publication, and
says its own time. A posted run is explained from the lines and the books that it froze.

An answer's `lines` and `missed` are what `commissions.answers` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from commissions import turns
from commissions.answers import told_about, told_lines, told_missed
from commissions.calculation import earnings_of
from commissions.engine import Plan, RunResult
from commissions.frozen import lines_of_member
from commissions.lines import lines_of_earner
from commissions.locking import still_snapshot
from commissions.models import Earning, Explanation, Run
from commissions.posted_runs import worked_out_again
from commissions.publishing import EARNING_KEY
from commissions.selectors.standings import earnings
from commissions.services.plans import plans_of
from commissions.services.refreshing import look_ahead, refresh_and_keep
from distributors.books import recording_time
from distributors.models import Member
from mlm.celery import app
from mlm.copying import Rows

_TOLD: Final = (*EARNING_KEY, "lines", "amount_minor")


def request(run: Run, member: Member) -> Explanation:
    """Return the answer for the run's present figures, or an open question that a worker takes.

    Asking again while a question is open asks no second time.
    """
    answered = Explanation.objects.filter(
        run=run, member=member, generation=run.generation, answered_at__isnull=False
    )
    if found := answered.order_by("-pk").first():
        return found
    question, is_new = Explanation.objects.get_or_create(
        run=run, member=member, answered_at=None, defaults={"generation": None}
    )
    if is_new:
        transaction.on_commit(lambda: send(question), robust=True)
    return question


def send(question: Explanation) -> None:
    """Send a question to the workers that explain."""
    app.send_task("commissions.explain", args=[question.pk])


def answer(question_id: int) -> Explanation | None:
    """Answer a question, and drop older answers to the same one; None if it is gone."""
    question = Explanation.objects.select_related("run__period").filter(pk=question_id).first()
    if question is None or question.answered_at is not None:
        return question
    basis = _basis(question)
    if basis is None:
        question.delete()
        return None
    about = told_about(basis.result, question.member_id)
    plans = _plans(basis.result, basis.lines)
    question.lines = told_lines(basis.lines, plans, about)
    question.missed = told_missed(basis.result, question.member_id)
    question.generation, question.as_of = basis.generation, basis.as_of
    _store(question, at=recording_time())
    return question


@dataclass(frozen=True, slots=True, eq=False)
class _Basis:
    """What an answer is told from: a run, one member's lines, and which publication has them.

    `generation` is None where none has just these lines yet.
    """

    result: RunResult
    lines: Rows
    generation: int | None
    as_of: datetime | None


def _basis(question: Explanation) -> _Basis | None:
    """Return what to answer from; None where the run's figures are not shown any more."""
    run = question.run
    if run.status == Run.Status.POSTED:
        result, lines = worked_out_again(run.frozen_path), lines_of_member(run, question.member_id)
        return _Basis(result, lines, run.generation, run.as_of)
    if run.kind != Run.Kind.LIVE or run.period.is_locked:
        return None
    if turns.is_somebody_elses_turn() and (ahead := _ahead(question)):
        return ahead
    run, calculated = refresh_and_keep(run.period)
    if run.period.is_locked:  # since the question was read: these are not the lines shown
        return None
    lines = lines_of_earner(calculated, question.member_id)
    return _Basis(calculated.result, lines, run.generation, run.as_of)


def _ahead(question: Explanation) -> _Basis | None:
    """Return the figures of this moment, which a live worker has published or is about to."""
    with still_snapshot():
        as_of = recording_time()
        found = look_ahead(question.run.period)
        if found is None:
            return None
        run, calculated = found
        published = earnings(run, question.member)
    lines = lines_of_earner(calculated, question.member_id)
    if _come_to(lines, published):
        return _Basis(calculated.result, lines, run.generation, run.as_of)
    return _Basis(calculated.result, lines, None, as_of)


def _come_to(lines: Rows, published: Sequence[Earning]) -> bool:
    """Tell whether lines come to the very earnings that are published, level by level."""
    told = earnings_of(lines)[list(_TOLD)].tolist()
    return bool(told == sorted(tuple(getattr(row, name) for name in _TOLD) for row in published))


def _plans(result: RunResult, lines: Rows) -> Mapping[int, Plan]:
    """Return the plan of the run under 0, and those of the runs whose pay is taken back."""
    reversed_runs = {int(number) for number in lines["reverses"]} - {0}
    return {0: result.ground.plan, **plans_of(reversed_runs)}


def _store(question: Explanation, *, at: datetime) -> None:
    question.answered_at = at
    with transaction.atomic():
        Explanation.objects.filter(
            run_id=question.run_id, member_id=question.member_id, answered_at__isnull=False
        ).delete()
        question.save(update_fields=["lines", "missed", "generation", "as_of", "answered_at"])
