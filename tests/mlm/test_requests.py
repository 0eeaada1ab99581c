"""One id follows a request into its answer, its log lines and the tasks it sends."""

import time
from typing import Any

import pytest
import structlog
from celery.contrib.testing.worker import start_worker
from django.test import Client

from mlm.celery import app
from mlm.requests import current_request_id

seen: list[tuple[str, str]] = []


@app.task(name="tests.report")
def report() -> None:
    """Remember under which id this task runs."""
    context = structlog.contextvars.get_contextvars()
    seen.append((current_request_id(), str(context.get("task"))))


def test_an_id_is_made_and_returned(client: Client) -> None:
    answers = [client.get("/livez") for _ in range(2)]

    ids = {answer.headers["X-Request-ID"] for answer in answers}

    assert len(ids) == 2
    assert {len(made) for made in ids} == {32}


def test_a_sane_id_of_the_caller_is_kept(client: Client) -> None:
    answer = client.get("/livez", headers={"x-request-id": "storefront-2026.11_a"})

    assert answer.headers["X-Request-ID"] == "storefront-2026.11_a"


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "has space in it", "-begins-wrong", "äöüäöüäöü"]
)
def test_an_odd_id_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/livez", headers={"x-request-id": given})

    assert len(answer.headers["X-Request-ID"]) == 32


def test_nothing_is_left_after_the_request(client: Client) -> None:
    client.get("/livez")

    assert current_request_id() == ""


def test_the_id_goes_with_a_task_through_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    seen.clear()
    options: dict[str, Any] = {"queue": "explain"}

    with start_worker(
        app, pool="solo", queues=["explain"], perform_ping_check=False, shutdown_timeout=30
    ):
        with structlog.contextvars.bound_contextvars(request_id="from-the-request"):
            report.apply_async(**options)
        report.apply_async(**options)
        deadline = time.monotonic() + 20
        while len(seen) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)

    assert seen[0] == ("from-the-request", "tests.report")
    assert seen[1][0] not in ("", "from-the-request")
    assert current_request_id() == ""


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("commissions.refresh_period", "live"),
        ("commissions.explain_sale", "explain"),
        ("commissions.sweep", "default"),
        ("anything.else", "default"),
    ],
)
def test_a_task_goes_to_one_queue_only(task: str, queue: str) -> None:
    route = app.amqp.router.route({}, task)
    chosen = route.get("queue") or app.amqp.queues["default"]

    assert (chosen.name, chosen.exchange.name, chosen.routing_key) == (queue, queue, queue)
