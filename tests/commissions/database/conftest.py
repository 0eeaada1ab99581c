"""Posted runs freeze into a folder of each test's own."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def frozen_folder(settings: Settings, tmp_path: Path) -> Path:
    """Keep frozen files in a folder of the test's own."""
    location = tmp_path / "frozen"
    backend = settings.STORAGES["frozen"]
    settings.STORAGES = {
        **settings.STORAGES,
        "frozen": {**backend, "OPTIONS": {**backend["OPTIONS"], "location": location}},
    }
    return location
