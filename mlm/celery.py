"""The Celery application. Workers and web processes load it by importing `mlm`."""

import logging.config
import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlm.settings")

app = Celery("upline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_our_logs(**_: Any) -> None:
    """Log in workers as everywhere else; without a receiver Celery would install its own format."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@signals.task_prerun.connect
def drop_old_connections(**_: Any) -> None:
    """Begin a task as a request begins: without connections that are broken or too old."""
    from django.db import close_old_connections

    close_old_connections()


@app.on_after_finalize.connect
def load_signals(**_: Any) -> None:
    """Connect the signals that carry request ids and tell that a worker lives."""
    from mlm import heartbeat, requests

    heartbeat.connect()
    requests.SANE_ID  # noqa: B018  (importing it is what connects its receivers)
