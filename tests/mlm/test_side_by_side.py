"""Workers of one test run go side by side: none empties the cache of another."""

from __future__ import annotations

import os

import pytest
from django.conf import settings


def test_each_worker_has_a_redis_database_of_its_own() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        pytest.skip("runs alone")

    assert settings.REDIS_URL.endswith(f"/{int(worker.removeprefix('gw')) + 1}")
