"""The API is answered without what only pages need, and pages with all of it."""

from __future__ import annotations

import pytest
from django.test import Client

from mlm.middleware import POLICY


def test_an_answer_of_the_api_has_a_policy_and_nothing_of_pages(client: Client) -> None:
    answer = client.get("/api/v1/orders", headers={"Accept-Language": "de"})

    assert answer.status_code == 401
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Language" not in answer.headers
    assert "Set-Cookie" not in answer.headers


@pytest.mark.django_db
def test_a_page_has_its_policy_language_and_session(client: Client) -> None:
    answer = client.get("/sign-in/")

    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Language"] == "en"
    assert hasattr(answer.wsgi_request, "session")
    assert hasattr(answer.wsgi_request, "user")


@pytest.mark.django_db
def test_the_api_speaks_its_own_language_whatever_the_page_before_it_spoke(client: Client) -> None:
    german = {"Accept-Language": "de"}
    assert client.get("/sign-in/", headers=german).headers["Content-Language"] == "de"

    answer = client.delete("/api/v1/orders", headers=german).json()

    assert answer["title"] == "Unauthorized"
    assert answer["detail"] == "Authentication credentials were not provided."
