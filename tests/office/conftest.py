"""The pages' world, and a cache that remembers nothing of the test before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.office.world import World


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Forget counted attempts, before and after."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return the small company; what workers would be asked goes nowhere."""
    from mlm.celery import app
    from tests.office.world import make_world

    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    return make_world()
