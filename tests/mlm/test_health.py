"""/livez and /readyz: what is asked, what is answered, and what is never told."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import LazySettings, settings
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from mlm import health, heartbeat

CLOSED = "redis://:hidden-word@127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def live_worker() -> Iterator[redis.Redis]:
    """Let a worker of the live queue have spoken just now."""
    health.Migrations.are_applied = False
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.set(heartbeat.key("live"), "alive", ex=heartbeat.SECONDS_KEPT)
    yield client
    client.delete(heartbeat.key("live"))
    client.close()


def test_livez_answers_whatever_the_host_and_without_tls(client: Client) -> None:
    settings.SECURE_SSL_REDIRECT = True
    try:
        answer = client.get("/livez", headers={"host": "10.0.0.7:8000"})
    finally:
        settings.SECURE_SSL_REDIRECT = False

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_answers_when_everything_is_there(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "failed": []})


@pytest.mark.django_db
def test_readyz_names_the_worker_when_it_is_silent(
    client: Client, live_worker: redis.Redis
) -> None:
    live_worker.delete(heartbeat.key("live"))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["failed"]) == (503, ["worker"])


@pytest.mark.django_db
def test_readyz_names_redis_and_tells_no_address(client: Client) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LazySettings, "REDIS_URL", CLOSED, raising=False)
        patch.setattr(settings, "REDIS_URL", CLOSED)
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["failed"]) == (503, ["redis", "worker"])
    assert b"hidden-word" not in answer.content
    assert b"127.0.0.1" not in answer.content


def test_readyz_names_the_database_when_it_is_out_of_reach(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("connection to hidden-word refused")

    monkeypatch.setitem(health.CHECKS, "database", fail)
    monkeypatch.setitem(health.CHECKS, "migrations", lambda: None)
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["failed"]) == (503, ["database"])
    assert b"hidden-word" not in answer.content


@pytest.mark.django_db
def test_readyz_names_migrations_that_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one"])

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["failed"]) == (503, ["migrations"])


def test_a_heartbeat_is_gone_a_minute_after_the_last_word(live_worker: redis.Redis) -> None:
    heartbeat.start(["trial"])
    try:
        for _ in range(200):
            if heartbeat.is_alive("trial"):
                break
        assert 0 < int(live_worker.ttl(heartbeat.key("trial"))) <= 60
    finally:
        heartbeat.stop()
        live_worker.delete(heartbeat.key("trial"))
