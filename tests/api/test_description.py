"""The API's description: current, true of its own examples, and a page to try it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # comes without types
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mlm.problems import all_kinds
from tests.api.calling import Caller
from tests.factories import Cast

FILE = Path(__file__).parents[2] / "docs" / "openapi.yaml"
COMMAND = "manage.py spectacular --file docs/openapi.yaml"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """Return the description as it is committed."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def test_the_committed_description_is_that_of_this_code(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"

    call_command("spectacular", file=str(made), validate=True, fail_on_warn=True)

    assert made.read_text(encoding="utf-8") == FILE.read_text(encoding="utf-8"), COMMAND


def _bodies(description: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            name = f"{method} {path}"
            if "requestBody" in operation:
                yield name, *next(iter(operation["requestBody"]["content"].items()))
            for status, answer in operation["responses"].items():
                for media_type, body in answer["content"].items():
                    yield f"{name} {status} {media_type}", media_type, body


def test_every_body_has_examples_and_each_is_true_of_its_schema(
    description: dict[str, Any],
) -> None:
    count = 0
    for name, _, body in _bodies(description):
        assert body.get("examples"), name
        schema = {**body["schema"], "components": description["components"]}
        for example in body["examples"].values():
            jsonschema.validate(example["value"], schema, jsonschema.Draft202012Validator)
            count += 1
    assert count > 60


def test_every_operation_says_what_may_go_wrong(description: dict[str, Any]) -> None:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            expected = {"401", "403", "429", "500"}
            if method == "post":
                expected |= {"400", "409", "413", "415", "422"}
            if "{code}" in path:
                expected |= {"404"}
            assert expected <= operation["responses"].keys(), (method, path)
            assert operation["security"] == [{"ApiKey": []}]


def test_every_problem_an_operation_names_is_on_the_page_of_problems(
    description: dict[str, Any], client: Client
) -> None:
    page = client.get("/api/problems").content.decode()
    named = {
        example["value"]["code"]
        for name, media_type, body in _bodies(description)
        if media_type == "application/problem+json"
        for example in body["examples"].values()
    }

    assert named <= {kind.code for kind in all_kinds()}
    assert all(f'id="{code}"' in page for code in named)


def test_the_description_is_served_as_yaml_and_as_json(
    client: Client, description: dict[str, Any]
) -> None:
    text = client.get("/api/v1/schema")
    data = client.get("/api/v1/schema", {"format": "json"})

    assert yaml.safe_load(text.content) == json.loads(data.content) == description


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_api_can_be_tried_in_a_browser_under_the_strict_policy(
    page: Page, live_server: LiveServer, shop: Caller, cast: Cast
) -> None:
    answer = page.goto(f"{live_server.url}/api/docs")
    assert answer is not None
    assert "unsafe" not in answer.headers["content-security-policy"]

    expect(page.locator(".opblock")).to_have_count(11)
    grave = [
        wrong["id"]
        for wrong in Axe().run(page).response["violations"]
        if wrong["impact"] in ("serious", "critical")
    ]
    assert grave == []
    page.get_by_role("button", name="Authorize").first.click()
    page.get_by_label("Value").fill(shop.key)
    page.get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close").last.click()
    page.locator("#operations-Members-show_member .opblock-summary").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_placeholder("code").fill(cast.dora.code)
    page.get_by_role("button", name="Execute").click()

    live = page.locator(".live-responses-table .response-col_status")
    expect(live.last).to_contain_text("200")
    expect(page.locator(".live-responses-table")).to_contain_text("Dora D.")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_problem_leads_to_its_explanation(
    page: Page, live_server: LiveServer, shop: Caller
) -> None:
    where = shop.get("/orders/nothing").json()["type"]

    page.goto(f"{live_server.url}{where}")

    assert re.search(
        "rgb\\(255, 248, 197\\)",
        str(page.evaluate("getComputedStyle(document.querySelector(':target')).backgroundColor")),
    )
    expect(page.locator(":target")).to_contain_text("or it is not yours")
