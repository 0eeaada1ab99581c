"""Periods on the company's side: figures shown, work asked of a worker, refusals said at once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from kombu.exceptions import OperationalError

from commissions.models import Closing, Period, PlanVersion, Run
from distributors.models import Change
from mlm.celery import app
from tests.admin.conftest import Sent, SignIn
from tests.admin.pages import mistakes, words
from tests.factories import JOINED, make_month


def address(period: Period, deed: str = "") -> str:
    """Return the address of a period's page, or of a deed's."""
    if deed:
        return reverse("admin:commissions_period_deed", args=[period.pk, deed])
    return reverse("admin:commissions_period_change", args=[period.pk])


@pytest.fixture
def coming(db: None) -> Period:
    """Return a month that has not ended yet."""
    return make_month(at=datetime(2199, 3, 5, tzinfo=UTC))


def make_run(period: Period, **others: object) -> Run:
    """Return a live run with figures: 425.00 USD paid of 1,000.00."""
    values = {
        "kind": Run.Kind.LIVE,
        "generation": 1,
        "as_of": datetime(2026, 3, 9, 8, 7, tzinfo=UTC),
        "commissionable_minor": 100_000,
        "total_minor": 42_500,
        "currency": "USD",
    }
    plan = PlanVersion.objects.get(label="v1")
    return Run.objects.create(period=period, plan_version=plan, **values | others)


def test_the_list_shows_state_as_of_total_and_ratio(past: Period, sign_in: SignIn) -> None:
    make_run(past)

    page = words(sign_in("Auditor").get(reverse("admin:commissions_period_changelist")))

    for shown in ("2026-03", "estimated", "March 9, 2026, 8:07 a.m.", "425.00 USD", "42.5 %"):
        assert shown in page


def test_it_is_said_since_when_figures_are_behind(past: Period, sign_in: SignIn) -> None:
    make_run(past)
    Change.objects.all().delete()
    client = sign_in("Auditor")
    assert "Behind: no" in words(client.get(address(past)))

    Change.objects.create(
        kind="sale", effective_at=past.starts_at, recorded_at=datetime(2026, 3, 9, 9, 5, tzinfo=UTC)
    )
    Change.objects.create(kind="sale", effective_at=past.ends_at)

    page = words(client.get(address(past)))
    assert "Behind: since March 9, 2026, 9:05 a.m." in page


def test_the_posted_run_speaks_before_the_live_one(past: Period, sign_in: SignIn) -> None:
    make_run(past)
    make_run(past, kind="final", status="posted", total_minor=50_000, posted_at=JOINED)

    page = words(sign_in("Auditor").get(address(past)))

    assert "final" in page
    assert "500.00 USD" in page
    assert "425.00 USD" not in page


def test_running_asks_a_worker(past: Period, sign_in: SignIn, sent: Sent) -> None:
    response = sign_in("Commission analyst").post(address(past, "run"), follow=True)

    assert sent == [("commissions.refresh_period", (past.pk,))]
    assert "A worker was asked" in words(response)


def test_closing_says_what_will_happen_and_asks_a_worker(
    past: Period, sign_in: SignIn, sent: Sent
) -> None:
    client = sign_in("Commission approver")

    page = words(client.get(address(past, "close")))
    assert "cannot be undone" in page
    assert sent == []
    client.post(address(past, "close"), {"label": "2026-03"})

    user_id = int(client.session["_auth_user_id"])
    (closing,) = Closing.objects.all()
    assert (closing.period_id, closing.asked_by_id) == (past.pk, user_id)
    assert sent == [("commissions.close_period", (closing.pk,))]


def test_closing_needs_the_name_of_the_period(past: Period, sign_in: SignIn, sent: Sent) -> None:
    client = sign_in("Commission approver")

    for typed in ("", "2026-02", "yes"):
        response = client.post(address(past, "close"), {"label": typed})
        assert len(mistakes(response)) == 1
    assert sent == []


def test_a_period_that_runs_is_not_closed(coming: Period, sign_in: SignIn, sent: Sent) -> None:
    response = sign_in("Commission approver").post(
        address(coming, "close"), {"label": "2199-03", "despite_grace": "on"}
    )

    assert "runs until 2199-04-01" in mistakes(response)[0]
    assert sent == []


def test_a_period_is_not_closed_before_the_one_before(
    past: Period, sign_in: SignIn, sent: Sent
) -> None:
    make_month(at=datetime(2026, 2, 5, tzinfo=UTC))

    response = sign_in("Commission approver").post(address(past, "close"), {"label": "2026-03"})

    assert "2026-02 comes first" in mistakes(response)[0]
    assert sent == []


def test_a_period_without_a_plan_is_neither_run_nor_closed(
    past: Period, sign_in: SignIn, sent: Sent
) -> None:
    PlanVersion.objects.update(status="retired")
    client = sign_in("Commission approver", "Commission analyst")

    for deed in ("run", "close"):
        response = client.post(address(past, deed), {"label": "2026-03"})
        assert "No live plan covers 2026-03" in mistakes(response)[0]
    assert sent == []


def test_a_queue_that_cannot_be_reached_is_said(
    past: Period, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(app, "send_task", fail)

    response = sign_in("Commission analyst").post(address(past, "run"))

    assert "workers cannot be reached" in mistakes(response)[0]


def test_who_runs_does_not_close_and_the_reverse(past: Period, sign_in: SignIn, sent: Sent) -> None:
    analyst, approver = sign_in("Commission analyst"), sign_in("Commission approver")

    assert analyst.post(address(past, "close"), {"label": "2026-03"}).status_code == 403
    assert approver.post(address(past, "run")).status_code == 403
    assert "/do/close/" not in analyst.get(address(past)).content.decode()
    assert "/do/run/" not in approver.get(address(past)).content.decode()
    assert sent == []


def test_what_the_worker_is_asked_is_what_it_understands(
    past: Period, sign_in: SignIn, sent: Sent
) -> None:
    """The messages are handed to the real tasks: the month is run, closed, and shown as final."""
    from commissions import tasks

    client = sign_in("Commission analyst", "Commission approver")
    known: dict[str, Any] = {task.name: task for task in (tasks.refresh_period, tasks.close_period)}

    for deed, answers in (("run", {}), ("close", {"label": "2026-03"})):
        sent.clear()
        client.post(address(past, deed), answers)
        name, arguments = sent.pop(0)
        known[name](*arguments)

    past.refresh_from_db()
    assert past.status == Period.Status.PUBLISHED
    page = words(client.get(address(past)))
    assert "members see it as final" in page
    assert "Close the books" not in page
    assert Run.objects.get(kind="final").created_by_id == int(client.session["_auth_user_id"])
