"""What is cleared away behind the API."""

from __future__ import annotations

from datetime import timedelta

import structlog
from celery import shared_task
from django.utils import timezone

from accounts.services import forget_answers

ANSWERS_ARE_KEPT = timedelta(hours=72)

log = structlog.get_logger()


@shared_task(name="accounts.forget_answers")
def forget_old_answers() -> None:
    """Forget answers that nobody asks for again: a client that repeats does so within hours."""
    log.info("answers forgotten", count=forget_answers(before=timezone.now() - ANSWERS_ARE_KEPT))
