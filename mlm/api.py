"""What every API view shares: errors as problem details (RFC 9457), and closed unless opened."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback
from typing_extensions import override

from mlm.errors import DomainError
from mlm.requests import current_request_id


class Nobody(BasePermission):
    """The default: a view that does not say who may call it is closed."""

    @override
    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return no."""
        return False


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the error as application/problem+json; None hands an unknown one on as a 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        set_rollback()
        return problem(HTTPStatus.CONFLICT, error.code, error.message, extra=error.extra)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else "invalid"
    detail = str(error.detail) if isinstance(codes, str) else "Some fields are wrong."
    response = problem(HTTPStatus(error.status_code), code, detail, errors=_mistakes(error))
    if wait := getattr(error, "wait", None):
        response.headers["Retry-After"] = str(int(wait))
    if header := getattr(error, "auth_header", None):
        response.headers["WWW-Authenticate"] = header
    return response


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    extra: dict[str, object] | None = None,
) -> Response:
    """Return one problem in the shape that every error of the API has."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "request_id": current_request_id(),
    }
    if errors:
        body["errors"] = errors
    if extra:
        body["extra"] = extra
    return Response(body, status=status.value, content_type="application/problem+json")


def _mistakes(error: exceptions.APIException) -> list[dict[str, str]]:
    """Return every mistake of a body with a JSON pointer to its place."""
    if not isinstance(error, exceptions.ValidationError):
        return []
    found: list[dict[str, str]] = []
    waiting: list[tuple[str, Any]] = [("", error.detail)]
    while waiting:
        pointer, detail = waiting.pop()
        if isinstance(detail, dict):
            waiting += [(f"{pointer}/{name}", inner) for name, inner in detail.items()]
        elif isinstance(detail, list) and not all(isinstance(part, str) for part in detail):
            waiting += [(f"{pointer}/{place}", inner) for place, inner in enumerate(detail)]
        else:
            for part in detail if isinstance(detail, list) else [detail]:
                code = getattr(part, "code", "invalid")
                found.append({"pointer": pointer, "code": code, "detail": str(part)})
    return sorted(found, key=lambda mistake: mistake["pointer"])
