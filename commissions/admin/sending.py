"""Asking a worker: pages never calculate."""

from __future__ import annotations

from kombu.exceptions import OperationalError

from mlm.celery import app
from mlm.errors import DomainError


class WorkerOutOfReach(DomainError):
    """The message to the workers could not be sent."""

    code = "worker_out_of_reach"


def ask_worker(task: str, *arguments: object) -> None:
    """Send a task by name; refused, with nothing done, when the queue cannot be reached."""
    try:
        app.send_task(task, args=arguments)
    except OperationalError as error:
        raise WorkerOutOfReach(
            "The workers cannot be reached: nothing was asked of them. Try again in a minute."
        ) from error
