"""`/livez` says that the process answers, `/readyz` that everything it needs does too.

A middleware and not views, because probes come by address, without TLS and with any Host header:
they are answered before hosts are checked. The answer names what failed and nothing more.
"""

from collections.abc import Callable

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from mlm import heartbeat

log = structlog.get_logger(__name__)


class HealthMiddleware:
    """Answers the two addresses of health and hands everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 200 when well and 503 when not."""
        if request.path == "/livez":
            return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
        if request.path == "/readyz":
            return ready()
        return self.get_response(request)


class Migrations:
    """Whether the database has this code's schema; asked again only until it has."""

    are_applied = False

    @classmethod
    def check(cls) -> None:
        """Raise unless every migration of this code is applied."""
        if cls.are_applied:
            return
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise LookupError("migrations are waiting")
        cls.are_applied = True


def check_database() -> None:
    """Raise unless PostgreSQL answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_redis() -> None:
    """Raise unless Redis answers."""
    with _redis() as client:
        client.ping()


def check_worker() -> None:
    """Raise unless a worker of the live queue spoke within the last minute."""
    with _redis() as client:
        if not client.exists(heartbeat.key("live")):
            raise LookupError("no heartbeat")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "redis": check_redis,
    "worker": check_worker,
    "migrations": Migrations.check,
}


def ready() -> HttpResponse:
    """Return 200, or 503 with the names of the checks that failed; why is in the log."""
    failed = [name for name, check in CHECKS.items() if not _passes(name, check)]
    return JsonResponse(
        {"status": "failed" if failed else "ok", "failed": failed},
        status=503 if failed else 200,
        headers={"Cache-Control": "no-store"},
    )


def _passes(name: str, check: Callable[[], None]) -> bool:
    """Return whether the check passes; any error is a failure, for that is what is asked here."""
    try:
        check()
    except Exception as error:
        log.warning("not ready", check=name, error=str(error))
        return False
    return True


def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, retry=None
    )
