"""Why a figure is what it is, and why there is not more: answered by a worker.

Live figures are brought up to date first, under the period's lock, and explained from the very
arrays that were published, so that the lines always add up to the figure beside them. A posted
run is explained from the lines and the books that it froze.

An answer's `lines` and `missed` are what `commissions.answers` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from commissions.answers import told_about, told_lines, told_missed
from commissions.engine import Plan, RunResult
from commissions.frozen import lines_of_member
from commissions.lines import lines_of_earner
from commissions.models import Explanation, Run
from commissions.posted_runs import worked_out_again
from commissions.services.plans import compiled
from commissions.services.refreshing import refresh_and_keep
from distributors.books import recording_time
from distributors.models import Member
from mlm.celery import app
from mlm.copying import Rows


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
    run = question.run
    if run.kind == Run.Kind.LIVE and not run.period.is_locked:
        run, calculated = refresh_and_keep(run.period)
        if run.period.is_locked:  # since the question was read: these are not the lines shown
            question.delete()
            return None
        lines = lines_of_earner(calculated, question.member_id)
        result = calculated.result
    elif run.status == Run.Status.POSTED:
        lines = lines_of_member(run, question.member_id)
        result = worked_out_again(run.frozen_path)
    else:
        question.delete()
        return None
    about = told_about(result, question.member_id)
    question.lines = told_lines(lines, _plans(run, result, lines), about)
    question.missed = told_missed(result, question.member_id)
    _store(question, run, at=recording_time())
    return question


def _plans(run: Run, result: RunResult, lines: Rows) -> Mapping[int, Plan]:
    """Return the plan of the run under 0, and those of the runs whose pay is taken back."""
    reversed_runs = {int(number) for number in lines["reverses"]} - {0}
    found = Run.objects.filter(pk__in=reversed_runs).select_related("plan_version")
    return {0: result.ground.plan} | {one.pk: compiled(one.plan_version.text) for one in found}


def _store(question: Explanation, run: Run, *, at: datetime) -> None:
    question.generation = run.generation
    question.as_of = run.as_of
    question.answered_at = at
    with transaction.atomic():
        Explanation.objects.filter(
            run_id=question.run_id, member_id=question.member_id, answered_at__isnull=False
        ).delete()
        question.save(update_fields=["lines", "missed", "generation", "as_of", "answered_at"])
