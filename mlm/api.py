"""What every API view shares: errors as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django.db import InterfaceError, OperationalError
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ExceptionHandlerContext
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from mlm.errors import DomainError, Unprocessable
from mlm.problems import PROBLEM_TYPE, PROBLEMS_PAGE
from mlm.requests import current_request_id

ON_OUR_SIDE = (
    "Something went wrong on our side and nothing was changed."
    " Name the request id when you ask about it."
)


class Refused(exceptions.APIException):
    """A rule of the business said no: the caller may compare `code`, and `extra` says what of."""

    status_code = HTTPStatus.CONFLICT

    def __init__(self, error: DomainError) -> None:
        super().__init__(error.message, error.code)
        self.extra: dict[str, object] = dict(error.extra)
        self.errors: list[dict[str, str]] = []
        if isinstance(error, Unprocessable):
            self.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
            mistake = {"pointer": error.pointer, "code": error.code, "detail": error.message}
            self.errors.append(mistake)


class Busy(exceptions.APIException):
    """The database gave up on this transaction, and would take it a moment later."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "Too much at once: nothing was changed, send the same request again."
    default_code = "busy"
    wait = 1


class Broken(exceptions.APIException):
    """Anything nobody foresaw; what it was stands in the log under the request's id."""

    status_code = HTTPStatus.INTERNAL_SERVER_ERROR
    default_detail = ON_OUR_SIDE
    default_code = "server_error"


class ProblemHandler(ExceptionHandler):
    """Turns whatever a view raised into one problem; what is our fault is logged and reported."""

    @override
    def should_not_handle(self, exc: Exception) -> bool:
        """Return that everything is handled, here as in production."""
        return False

    @override
    def convert_unhandled_exceptions(self, exc: Exception) -> exceptions.APIException:
        """Return the answer to an error that is not the framework's own."""
        if isinstance(exc, exceptions.APIException):
            return exc
        if isinstance(exc, DomainError):
            return Refused(exc)
        return Busy() if isinstance(exc, (OperationalError, InterfaceError)) else Broken()

    @override
    def format_exception(self, exc: exceptions.APIException) -> dict[str, Any]:
        """Return the body of the answer."""
        request = self.context.get("request")
        mistakes = getattr(exc, "errors", None) or field_mistakes(exc)
        codes = exc.get_codes()
        return problem(
            HTTPStatus(exc.status_code),
            codes if isinstance(codes, str) else "invalid",
            str(exc.detail) if isinstance(codes, str) else _count(mistakes),
            instance=request.path if request else "",
            errors=mistakes,
            extra=getattr(exc, "extra", None),
        )

    @override
    def get_headers(self, exc: exceptions.APIException) -> dict[str, str]:
        """Return the headers that go with the error."""
        headers: dict[str, str] = super().get_headers(exc)
        return headers | getattr(exc, "headers", {})

    @override
    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        """Return the answer."""
        headers = self.get_headers(exc)
        return problem_response(data, headers=headers)


def problem_details(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the error as application/problem+json; of the context only the request is used."""
    return ProblemHandler(error, cast(ExceptionHandlerContext, context)).run()


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    instance: str,
    errors: list[dict[str, str]] | None = None,
    extra: dict[str, object] | None = None,
) -> dict[str, Any]:
    """Return one problem in the shape that every error of the API has."""
    body: dict[str, Any] = {
        "type": f"{PROBLEMS_PAGE}#{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "instance": instance,
        "code": code,
        "request_id": current_request_id(),
    }
    if errors:
        body["errors"] = errors
    if extra:
        body["extra"] = extra
    return body


def problem_response(body: dict[str, Any], *, headers: dict[str, str] | None = None) -> Response:
    """Return the answer that carries a problem."""
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM_TYPE)


def field_mistakes(error: exceptions.APIException) -> list[dict[str, str]]:
    """Return every mistake of a body with a JSON pointer to its place."""
    if not isinstance(error, exceptions.ValidationError):
        return []
    found: list[dict[str, str]] = []
    waiting: list[tuple[str, Any]] = [("", error.detail)]
    while waiting:
        pointer, detail = waiting.pop()
        if isinstance(detail, dict):
            waiting += [(_inside(pointer, name), inner) for name, inner in detail.items()]
        elif isinstance(detail, list) and not all(isinstance(part, str) for part in detail):
            waiting += [(f"{pointer}/{place}", inner) for place, inner in enumerate(detail)]
        else:
            for part in detail if isinstance(detail, list) else [detail]:
                code = getattr(part, "code", "invalid")
                found.append({"pointer": pointer, "code": code, "detail": str(part)})
    return sorted(found, key=lambda mistake: (mistake["pointer"], mistake["code"]))


def _inside(pointer: str, name: object) -> str:
    """Return the pointer to a member of an object; mistakes of the object itself point at it."""
    if name == "non_field_errors":
        return pointer
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def _count(mistakes: list[dict[str, str]]) -> str:
    return "One value is wrong." if len(mistakes) == 1 else f"{len(mistakes)} values are wrong."


class UnknownAddress(APIView):
    """What answers below /api/ where nothing else does."""

    permission_classes = [AllowAny]
    schema = None

    @override
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say that there is nothing here, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound("There is nothing at this address.")
