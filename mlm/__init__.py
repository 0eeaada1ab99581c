"""The project itself: settings, addresses, errors, environment. No business rule lives here."""

from mlm.celery import app as celery_app

__all__ = ["celery_app"]
