"""Why a figure is what it is: the single lines behind one earner's figures, made by a worker.

Live figures are brought up to date first, under the period's lock, and explained from the very
arrays that were published, so that the lines always add up to the figure beside them. A posted
run is explained from the lines it froze.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from commissions.calculation import lines_of_earner
from commissions.frozen import lines_of_member
from commissions.models import Explanation, Run
from commissions.services.refreshing import refresh_and_keep
from distributors.books import recording_time
from distributors.models import Member
from mlm.celery import app
from mlm.copying import Rows
from orders.models import SaleLine

# Beyond this many lines the smaller ones are summed by bonus, level and rate.
MOST_LINES: Final = 5_000

Line = dict[str, str | int | None]


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
    elif run.status == Run.Status.POSTED:
        lines = lines_of_member(run, question.member_id)
    else:
        question.delete()
        return None
    _store(question, run, lines, at=recording_time())
    return question


def _store(question: Explanation, run: Run, lines: Rows, *, at: datetime) -> None:
    question.lines = _with_orders(lines)
    question.generation = run.generation
    question.as_of = run.as_of
    question.answered_at = at
    with transaction.atomic():
        Explanation.objects.filter(
            run_id=question.run_id, member_id=question.member_id, answered_at__isnull=False
        ).delete()
        question.save(update_fields=["lines", "generation", "as_of", "answered_at"])


def _with_orders(lines: Rows) -> list[Line]:
    """Return lines with the number and date of their order, the largest amounts first kept."""
    by_size = sorted(lines, key=lambda line: -abs(int(line["amount_minor"])))
    shown, rest = by_size[:MOST_LINES], by_size[MOST_LINES:]
    sales = _sales({int(line["sale_id"]) for line in shown})
    found = [_line(line, sales) for line in shown]
    found.sort(key=lambda line: (line["bonus"], line["level"], str(line["at"]), line["sale"]))
    return found + _summed(rest)


def _sales(sale_ids: set[int]) -> dict[int, tuple[str, str, int]]:
    rows = SaleLine.objects.filter(pk__in=sale_ids).values_list(
        "pk", "order__code", "commission_at", "credited_id"
    )
    return {pk: (code, at.isoformat(), credited) for pk, code, at, credited in rows}


def _line(line: Rows, sales: dict[int, tuple[str, str, int]]) -> Line:
    order, at, credited = sales[int(line["sale_id"])]
    figures: Line = {
        name: int(line[name])
        for name in ("bonus", "level", "rate_ppm", "base", "amount_minor", "reverses")
    }
    sale_id = int(line["sale_id"])
    return {"sale": sale_id, "order": order, "at": at, "credited": credited, **figures}


def _summed(lines: Iterable[Rows]) -> list[Line]:
    """Return one line for each bonus, level and rate: `order` is None and `count` says how many."""
    sums: dict[tuple[int, int, int, int], list[int]] = {}
    for line in lines:
        key = tuple(int(line[name]) for name in ("bonus", "level", "rate_ppm", "reverses"))
        total = sums.setdefault(key, [0, 0, 0])  # type: ignore[arg-type]  # four integers
        total[0] += 1
        total[1] += int(line["base"])
        total[2] += int(line["amount_minor"])
    return [
        {
            "sale": 0,
            "order": None,
            "at": None,
            "credited": None,
            "bonus": bonus,
            "level": level,
            "rate_ppm": rate,
            "reverses": reverses,
            "count": count,
            "base": base,
            "amount_minor": amount,
        }
        for (bonus, level, rate, reverses), (count, base, amount) in sorted(sums.items())
    ]
