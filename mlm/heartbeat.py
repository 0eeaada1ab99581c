"""A worker says that it lives: a key per queue in Redis that is gone a minute after the last word.

It is written by a thread of the worker's main process. Tasks run in child processes, so that a long
calculation never delays it.
"""

import threading
from typing import Any

import redis
import structlog
from celery import signals

SECONDS_BETWEEN = 5
SECONDS_KEPT = 60

log = structlog.get_logger(__name__)
_stopped = threading.Event()


def key(queue: str) -> str:
    """Return the name of the key that a queue's worker keeps alive."""
    return f"heartbeat:{queue}"


def connect() -> None:
    """Start with the worker and stop with it."""
    signals.worker_ready.connect(start)
    signals.worker_shutting_down.connect(stop)


def start(sender: Any, **_: object) -> None:
    """Start the thread for the queues that this worker takes tasks from."""
    from django.conf import settings

    queues = [queue.name for queue in sender.task_consumer.queues]
    _stopped.clear()
    thread = threading.Thread(
        target=beat, args=(settings.REDIS_URL, queues), name="heartbeat", daemon=True
    )
    thread.start()


def stop(**_: object) -> None:
    """End the thread; the keys fade away."""
    _stopped.set()


def beat(redis_url: str, queues: list[str]) -> None:
    """Write the keys again and again until the worker stops. Redis being away is waited out."""
    client = redis.Redis.from_url(redis_url, socket_timeout=SECONDS_BETWEEN)
    while not _stopped.is_set():
        try:
            for queue in queues:
                client.set(key(queue), "alive", ex=SECONDS_KEPT)
        except redis.RedisError:
            log.warning("heartbeat not written", queues=queues)
        _stopped.wait(SECONDS_BETWEEN)
