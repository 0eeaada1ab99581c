"""Gives every test run servers of its own before Django's settings are read.

`./upline test` and a bare `pytest` start alike, here: in the process that was called. The workers
of xdist inherit its environment and start nothing.
"""

import os

import pytest

from mlm.development.services import Services, test_services

SERVERS = pytest.StashKey[Services]()


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL and Valkey unless the environment names them, then load the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        services = test_services()
        config.stash[SERVERS] = services
        os.environ.update(services.start())
    os.environ.setdefault("STATIC_HASHED", "0")
    os.environ["DJANGO_SETTINGS_MODULE"] = "mlm.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the test's thread
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if services := config.stash.get(SERVERS, None):
        services.stop()
