"""Every problem the API may answer, by its code: for the description, and for people to look up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from inspect import getdoc
from typing import Final

from mlm.errors import DomainError, Unprocessable

PROBLEM_TYPE: Final = "application/problem+json"
PROBLEMS_PAGE: Final = "/api/problems"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of problem."""

    code: str
    status: HTTPStatus
    meaning: str


def _kind(status: int, code: str, meaning: str) -> ProblemKind:
    return ProblemKind(code, HTTPStatus(status), meaning)


#: What any address may answer, whatever it is about.
GENERAL: Final = (
    _kind(400, "invalid", "Some values are wrong; errors names each with its place."),
    _kind(400, "malformed", "The body is no JSON we take."),
    _kind(400, "idempotency_key_missing", "Send the header Idempotency-Key."),
    _kind(400, "idempotency_key_wrong", "Idempotency-Key has 1 to 255 visible ASCII characters."),
    _kind(401, "not_authenticated", "Send your key: Authorization: Bearer upl_live_…"),
    _kind(401, "key_refused", "This key is wrong, revoked or expired."),
    _kind(403, "scope_missing", "The key was not made for this; extra names the scope it lacks."),
    _kind(404, "not_found", "There is nothing here, or it is not yours."),
    _kind(405, "method_not_allowed", "The address does not know this method; Allow names others."),
    _kind(406, "not_acceptable", "Answers are JSON; accept application/json."),
    _kind(409, "idempotency_in_progress", "The first request with this key is not done yet."),
    _kind(413, "body_too_large", "A body has more bytes than are taken; detail says how many are."),
    _kind(415, "unsupported_media_type", "Send JSON, as application/json in UTF-8."),
    _kind(422, "idempotency_key_reused", "The key was sent before with another request."),
    _kind(429, "throttled", "Too many requests with this key; Retry-After says when to go on."),
    _kind(500, "server_error", "Our fault; nothing was changed. Name the request id when asking."),
    _kind(503, "busy", "Too much at once; nothing was changed. Send the same request again."),
)
#: What single addresses add to `not_found`.
NOT_FOUND: Final = (
    _kind(404, "unknown_market", "The company is not open in that market."),
    _kind(404, "unknown_period", "There is no such period."),
    _kind(404, "no_standing", "Nothing was worked out for this member in this period."),
)


def kind_of(refusal: type[DomainError]) -> ProblemKind:
    """Return the problem that a refusal is answered with."""
    unprocessable = issubclass(refusal, Unprocessable)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if unprocessable else HTTPStatus.CONFLICT
    return ProblemKind(refusal.code, status, (getdoc(refusal) or "").partition("\n")[0])


def all_kinds() -> list[ProblemKind]:
    """Return every problem there is, by status and code; one code may come with two statuses."""
    refusals = {kind_of(refusal) for refusal in _below(DomainError)}
    return sorted({*GENERAL, *NOT_FOUND, *refusals}, key=lambda kind: (kind.status, kind.code))


def _below(refusal: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in refusal.__subclasses__():
        if "code" in vars(kind) and kind is not Unprocessable:
            yield kind
        yield from _below(kind)
