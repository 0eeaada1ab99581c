"""What is not needed any more: live figures of periods whose final ones have been shown for a day.

Everything posted stays: figures, totals, files. A live run's row stays as well; its tables go, or a
month would take twice its room.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import OperationalError, connection, transaction

from commissions.locking import unless_somebody_has_it
from commissions.models import Explanation, Run
from commissions.partitions import drop
from commissions.places import drop_places

KEPT_FOR: Final = timedelta(days=1)
_PATIENCE: Final = "200ms"

log = structlog.get_logger()


def drop_superseded(*, at: datetime) -> list[Run]:
    """Take live figures away that final ones stand in for since a day; return the runs.

    What somebody works on or reads at this moment is left for the next time: there is no hurry, and
    all pages would wait.
    """
    live = Run.objects.filter(kind=Run.Kind.LIVE, generation__gt=0)
    superseded = live.filter(period__published_at__lt=at - KEPT_FOR).order_by("pk")
    return [run for run in superseded if _drop(run)]


def _drop(run: Run) -> bool:
    """Take the figures of one run away, at once or not at all; tell whether it was done."""
    with unless_somebody_has_it(run.period_id) as is_ours:
        if not is_ours:
            return False
        with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
            Explanation.objects.filter(run=run).delete()
            drop(cursor, run.pk, patience=_PATIENCE)
            drop_places(cursor, run)
            run.generation = run.places = 0
            run.save(update_fields=["generation", "places"])
            log.info("live_figures_dropped", run=run.pk, period=run.period_id)
            return True
    return False
