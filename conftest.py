"""Gives every test run servers of its own before Django's settings are read.

`./upline test` and a bare `pytest` start alike, here: in the process that was called. The workers
of xdist inherit its environment and start nothing; each has a Redis database of its own.
"""

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mlm.development.services import Services, test_services

# pytest-django loads the settings as soon as somebody names them, which is before the servers run
# and the tests' folders are there: they are named in `pytest_configure`.
os.environ.pop("DJANGO_SETTINGS_MODULE", None)

SERVERS = pytest.StashKey[Services]()
FILES = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL and Valkey unless the environment names them, then load the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        number = int(worker.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = (
            urlsplit(os.environ["REDIS_URL"])._replace(path=str(number)).geturl()
        )
    else:
        config.stash[SERVERS] = services = test_services()
        os.environ.update(services.start())
    config.stash[FILES] = files = tempfile.mkdtemp(prefix="upline-tests-")
    for name in ("frozen", "media", "static"):
        os.environ[f"{name.upper()}_DIR"] = f"{files}/{name}"
        Path(files, name).mkdir()
    os.environ["STATIC_HASHED"] = "0"
    os.environ["PLAN_PROFILE"] = "lab"  # plans of tests are short; what profiles refuse has its own
    os.environ["DJANGO_SETTINGS_MODULE"] = "mlm.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the test's thread
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not worker and config.getoption("numprocesses", None):
        del os.environ["DJANGO_SETTINGS_MODULE"]  # workers would inherit it and load them too early


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started and remove what was written."""
    if files := config.stash.get(FILES, None):
        shutil.rmtree(files, ignore_errors=True)
    if services := config.stash.get(SERVERS, None):
        services.stop()
