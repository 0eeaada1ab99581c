"""What every test may ask for: a browser, off the network, that tells what CSP blocked."""

import os
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.apps import AppConfig, apps
from django.db import connection, connections
from django.db.models.signals import post_migrate
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from mlm.development import browser as found

PATIENCE_MS = 30_000
"""A page that is as it should be is seen at once; a busy machine takes its time."""
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP blocked ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium, started once."""
    program = found.find()
    assert program, found.TODO
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        chromium = playwright.chromium.launch(executable_path=program, args=found.flags())
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of a telephone's size; the test fails if a script or the policy complained."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US")
    context.add_init_script(REPORT_VIOLATIONS)
    context.route("**/*", stay_home)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "CSP" in line.text else None)
    yield page
    context.close()
    assert complaints == []


def stay_home(route: Route) -> None:
    """Let nothing out of this machine."""
    if urlsplit(route.request.url).hostname in ("localhost", "127.0.0.1", None):
        route.continue_()
    else:
        route.abort()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let tests that commit empty the tables afterwards, which the guards refuse anybody else.

    What emptying takes away of the migrations' own rows is put back each time. At the end nobody
    is let in any more, and sessions are ended, as of requests that a browser asked for and did not
    wait for: the database is dropped.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'refuse_truncate'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER refuse_truncate")
    post_migrate.connect(put_policies_back, dispatch_uid="put_policies_back")
    yield
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as outside:
        outside.autocommit = True
        with outside.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )


def put_policies_back(sender: AppConfig, **kwargs: object) -> None:
    """Write the life-cycle policies again where a test emptied all tables."""
    policies = apps.get_model("distributors", "StatusPolicy")
    if sender.label == "distributors" and not policies.objects.exists():
        import_module("distributors.migrations.0004_life_cycle_policies").add_policies(apps, None)
