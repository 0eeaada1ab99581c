"""One id for each request, in its log lines, its answer and every task it sends."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from celery import Task, signals
from django.http import HttpRequest, HttpResponse

SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
QUIET_PATHS = ("/livez", "/readyz", "/static/")

log = structlog.get_logger(__name__)


class RequestIdMiddleware:
    """Takes the caller's X-Request-ID if it is sane, else makes one, and gives it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the id in a header; log the request when it is done."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if SANE_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            if not request.path.startswith(QUIET_PATHS):
                log.info(
                    "request",
                    method=request.method,
                    path=request.path,
                    status=response.status_code,
                    milliseconds=round((time.perf_counter() - started) * 1000),
                )
        return response


def current_request_id() -> str:
    """Return the id of the request being worked on, here or in the task it sent; "" if none."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


@signals.before_task_publish.connect
def send_request_id(headers: dict[str, Any] | None = None, **_: object) -> None:
    """Put the id on the message of a task."""
    request_id = current_request_id()
    if headers is not None and request_id:
        headers["request_id"] = request_id


@signals.task_prerun.connect
def take_request_id(task_id: str, task: Task[Any, Any], **_: object) -> None:
    """Log what a task does under the id of the request that sent it."""
    carried = getattr(task.request, "request_id", None) or current_request_id() or task_id
    tokens = structlog.contextvars.bind_contextvars(request_id=carried, task=task.name)
    task.request.update(log_tokens=tokens)


@signals.task_postrun.connect
def forget_request_id(task: Task[Any, Any], **_: object) -> None:
    """Leave nothing of one task in the log lines of the next."""
    structlog.contextvars.reset_contextvars(**getattr(task.request, "log_tokens", {}))
