"""A period's page while it is closed: how far that is, and the button that cancels it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from kombu.exceptions import OperationalError

from commissions import attending
from commissions.models import Closing, Period
from commissions.progress import Progress
from commissions.services.closings import ask_close
from commissions.services.periods import lock_period
from distributors.models import BusinessEvent
from mlm.celery import app
from tests.admin.conftest import Sent, SignIn
from tests.admin.pages import mistakes, words
from tests.admin.test_periods import address
from tests.factories import make_month

BEGAN = datetime(2026, 4, 10, tzinfo=UTC)


@pytest.fixture
def closing(past: Period) -> Closing:
    """Return a closing of the month that was asked for in a shell."""
    cache.clear()
    return ask_close(past, at=BEGAN)


def say(closing: Closing, *, ago: int = 0, **others: object) -> None:
    """Let something be heard of a closing, so many seconds ago."""
    at = datetime.now(UTC).timestamp() - ago
    said = {"stage": "read", "part": "sales", "began": at - 75, "stage_began": at - 2, "at": at}
    Progress(**said | others)  # type: ignore[arg-type]  # what it takes
    cache.set(attending._key(closing.pk), said | others)


def page(client: Client, period: Period) -> str:
    """Return the words of a period's page."""
    return words(client.get(address(period)))


def again(client: Client, period: Period, *, shown: str) -> Any:
    """Return what a page that shows a state of the closing gets when it asks again."""
    return client.get(address(period), {"shown": shown}, headers={"HX-Request": "true"})


def test_the_page_says_that_nobody_has_taken_it_up(closing: Closing, sign_in: SignIn) -> None:
    found = page(sign_in("Auditor"), closing.period)

    assert "2026-03 waits to be closed" in found
    assert "No worker has taken it up yet" in found
    assert "Asked for by somebody in a shell" in found


def test_the_page_shows_step_rate_and_remaining_time(closing: Closing, sign_in: SignIn) -> None:
    say(closing, unit="rows", done=5_000, total=9_000, left=75.0)

    found = page(sign_in("Auditor"), closing.period)

    assert "2026-03 is being closed" in found
    assert "Step 2 of 6: reading: sales" in found
    assert "5,000 of 9,000 rows, 2,500 a second." in found
    assert "1 min 15 s so far, about 1 min 15 s left (an estimate)." in found


def test_nothing_is_said_of_what_is_not_known(closing: Closing, sign_in: SignIn) -> None:
    say(closing)

    found = page(sign_in("Auditor"), closing.period)

    assert "1 min 15 s so far." in found
    assert "estimate" not in found


def test_the_page_brings_itself_up_to_date_without_a_script_of_its_own(
    closing: Closing, sign_in: SignIn
) -> None:
    client = sign_in("Auditor")
    say(closing)

    whole = client.get(address(closing.period)).content.decode()
    part = again(client, closing.period, shown="running").content.decode()

    assert 'hx-trigger="every 2s"' in whole
    assert part.strip().startswith("<section")
    assert f'hx-get="{address(closing.period)}?shown=running"' in part
    assert "Look again how far it is" in part


def test_the_page_is_loaded_anew_once_the_closing_is_at_something_else(
    closing: Closing, sign_in: SignIn
) -> None:
    client = sign_in("Auditor")
    say(closing, ago=90)
    assert again(client, closing.period, shown="running").headers["HX-Refresh"] == "true"

    Closing.objects.filter(pk=closing.pk).update(outcome="posted", ended_at=BEGAN)

    assert again(client, closing.period, shown="silent").headers["HX-Refresh"] == "true"
    assert "htmx-2" not in client.get(address(closing.period)).content.decode()


def test_a_closing_that_has_gone_silent_does_not_run_for_ever(
    closing: Closing, sign_in: SignIn
) -> None:
    say(closing, ago=90)

    found = page(sign_in("Commission approver"), closing.period)

    assert "Nothing is heard of the closing of 2026-03" in found
    assert "The last word came 1 min 30 s ago, while reading: sales" in found
    assert "Close the books" in found
    assert "Cancel the closing" in found


def test_a_failed_closing_says_why(closing: Closing, sign_in: SignIn) -> None:
    Closing.objects.filter(pk=closing.pk).update(
        outcome="failed", ended_at=BEGAN, failure="RuntimeError: disk full"
    )

    assert "RuntimeError: disk full" in page(sign_in("Auditor"), closing.period)


def test_who_may_close_cancels_with_a_reason_that_is_kept(
    closing: Closing, sign_in: SignIn
) -> None:
    lock_period(closing.period, at=BEGAN)
    client = sign_in("Commission approver")

    sentences = words(client.get(address(closing.period, "cancel-closing")))
    assert "stops at its next step" in sentences
    assert Closing.objects.get().cancel_asked_at is None
    answer = client.post(
        address(closing.period, "cancel-closing"), {"reason": "Wrong month"}, follow=True
    )

    assert "takes orders and returns again" in words(answer)
    assert "was cancelled" in words(answer)
    closing.period.refresh_from_db()
    assert (closing.period.status, closing.period.locked_at) == ("ended", None)
    event = BusinessEvent.objects.get(kind="period.closing_cancelled")
    assert event.reason == "Wrong month"
    assert event.actor_id == int(client.session["_auth_user_id"])


def test_cancelling_wants_a_reason(closing: Closing, sign_in: SignIn) -> None:
    answer = sign_in("Commission approver").post(address(closing.period, "cancel-closing"), {})

    assert len(mistakes(answer)) == 1
    assert not Closing.objects.get().is_over


@pytest.mark.parametrize("group", ["Commission analyst", "Auditor"])
def test_who_may_not_close_does_not_cancel(group: str, closing: Closing, sign_in: SignIn) -> None:
    client = sign_in(group)

    answer = client.post(address(closing.period, "cancel-closing"), {"reason": "Mine"})

    assert answer.status_code == 403
    assert "/do/cancel-closing/" not in client.get(address(closing.period)).content.decode()
    assert not Closing.objects.get().is_over


def test_what_is_posted_is_not_cancelled(past: Period, sign_in: SignIn) -> None:
    from commissions.services.closing import close_period

    close_period(past, at=BEGAN)
    client = sign_in("Commission approver")

    answer = client.post(address(past, "cancel-closing"), {"reason": "Too late"})

    assert "too late" in mistakes(answer)[0]
    assert "Cancel the closing" not in page(client, past)


def test_what_is_being_closed_is_not_asked_for_again(
    closing: Closing, sign_in: SignIn, sent: Sent
) -> None:
    client = sign_in("Commission approver")
    say(closing)

    answer = client.post(address(closing.period, "close"), {"label": "2026-03"})

    assert "is being closed at this moment" in mistakes(answer)[0]
    assert "Close the books" not in page(client, closing.period)
    assert sent == []


def test_a_closing_whose_message_was_lost_is_sent_again(
    closing: Closing, sign_in: SignIn, sent: Sent
) -> None:
    sign_in("Commission approver").post(address(closing.period, "close"), {"label": "2026-03"})

    assert sent == [("commissions.close_period", (closing.pk,))]
    assert Closing.objects.count() == 1


def test_a_closing_that_no_worker_can_be_asked_for_is_over(
    past: Period, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(app, "send_task", fail)

    answer = sign_in("Commission approver").post(address(past, "close"), {"label": "2026-03"})

    assert "workers cannot be reached" in mistakes(answer)[0]
    assert Closing.objects.get().outcome == Closing.Outcome.FAILED


def test_a_closing_that_goes_on_unheard_is_not_ended_by_whoever_asks_again(
    closing: Closing, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(app, "send_task", fail)

    answer = sign_in("Commission approver").post(
        address(closing.period, "close"), {"label": "2026-03"}
    )

    assert "workers cannot be reached" in mistakes(answer)[0]
    assert Closing.objects.get().outcome == Closing.Outcome.UNDER_WAY


def test_estimates_come_from_the_last_closing_by_size(past: Period) -> None:
    from commissions.selectors.closings import expected_seconds
    from tests.admin.test_periods import make_run

    april = make_month(at=past.ends_at + timedelta(days=3))
    assert expected_seconds(april) == {}

    make_run(past, kind="final", status="posted", members_count=50, sales_count=50,
             timings={"read": "2.000", "write": "4.000"})  # fmt: skip
    assert expected_seconds(april) == {"read": 2.0, "write": 4.0}
    make_run(april, members_count=100, sales_count=200)
    assert expected_seconds(april) == {"read": 6.0, "write": 12.0}
