"""A worker says that it lives: a key per queue in Redis that is gone a minute after the last word.

`python -m mlm.heartbeat live` ends with 0 while somebody serves that queue: the health check of a
container. Beat has no queue and speaks under its own name.

It is written by a thread of the worker's main process. Tasks run in child processes, so that a long
calculation never delays it.
"""

import sys
import threading
from typing import Any

import redis
import structlog
from celery import signals
from django.conf import settings

SECONDS_BETWEEN = 5
SECONDS_KEPT = 60

log = structlog.get_logger(__name__)
_stopped = threading.Event()


def key(queue: str) -> str:
    """Return the name of the key that a queue's worker keeps alive."""
    return f"heartbeat:{queue}"


def connect() -> None:
    """Start with the worker and stop with it."""
    signals.worker_ready.connect(start_for_worker)
    signals.worker_shutting_down.connect(stop)
    signals.beat_init.connect(start_for_beat)


def start_for_worker(sender: Any, **_: object) -> None:
    """Speak for the queues that this worker takes tasks from."""
    start([queue.name for queue in sender.task_consumer.queues])


def start_for_beat(**_: object) -> None:
    """Speak for beat."""
    start(["beat"])


def start(queues: list[str]) -> None:
    """Start the thread."""
    _stopped.clear()
    threading.Thread(
        target=beat, args=(settings.REDIS_URL, queues), name="heartbeat", daemon=True
    ).start()


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


def is_alive(queue: str) -> bool:
    """Return whether somebody spoke for this queue within the last minute."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS_BETWEEN) as client:
        return bool(client.exists(key(queue)))


if __name__ == "__main__":
    sys.exit(0 if all(is_alive(queue) for queue in sys.argv[1:]) else 1)
