"""Pages for when something is wrong stand alone: without a user, a session, or a database."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.views import defaults


def answers() -> dict[int, HttpResponse]:
    """Return what each handler says to a request that no middleware has seen."""
    request = RequestFactory().get("/nothing/")
    return {
        400: defaults.bad_request(request, ValueError("x")),
        403: defaults.permission_denied(request, PermissionDenied()),
        404: defaults.page_not_found(request, Http404()),
        500: defaults.server_error(request),
    }


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_each_kind_of_trouble_has_a_page_of_its_own(status: int) -> None:
    response = answers()[status]

    page = response.content.decode()
    assert response.status_code == status
    assert f"{status}\n" in page
    assert '<a class="btn-quiet" href="/">' in page
    assert "css/base.css" in page


@pytest.mark.django_db
def test_an_address_that_is_none_gets_the_page(client: Client) -> None:
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()
