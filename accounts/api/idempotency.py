"""One request, one effect, however often it is sent: answers kept by the Idempotency-Key header.

The record is written in the transaction of the work itself, so either both are there or neither.
While one request works, its key is held by an advisory lock: a second one is told to wait instead
of working too. Kept is what the request alone decides: success, and mistakes in its body. What the
state of the business refused (409) may be sent again under the same key once its cause is gone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, NamedTuple

from django.db import transaction
from django.http import HttpResponse
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import key_of
from accounts.models import IdempotencyRecord
from mlm.api import problem_details
from mlm.database import LockClass
from mlm.inserting import insert_all
from mlm.loading import rows_of
from mlm.problems import PROBLEM_TYPE

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
LONGEST: Final = 255
_KEY: Final = re.compile(rf"[!-~]{{1,{LONGEST}}}")


class KeyMissing(APIException):
    """The request creates something and does not say how to know it again."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = f"Send the header {HEADER}: any text of your own, new for each new request."
    default_code = "idempotency_key_missing"


class KeyWrong(APIException):
    """The header is no key."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = f"{HEADER} has 1 to {LONGEST} visible ASCII characters and no spaces."
    default_code = "idempotency_key_wrong"


class KeyReused(APIException):
    """The key was sent before with another request."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = f"This {HEADER} was sent before with another request: make a new one."
    default_code = "idempotency_key_reused"


class InProgress(APIException):
    """The first request with this key is not done yet."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "The first request with this key is still being worked on: ask again."
    default_code = "idempotency_in_progress"
    wait = 1


def once(request: Request, work: Callable[[], Response]) -> HttpResponse:
    """Return the answer of `work`, or the kept one if this very request was answered before.

    What `work` raises undoes all it did; only mistakes in the body are kept nevertheless.
    """
    asked = _Asked(key_of(request).pk, _key(request), _fingerprint(request))
    try:
        with transaction.atomic():
            return _again(asked) or _kept(asked, work())
    except ValidationError as mistake:
        response = problem_details(mistake, {"request": request})
        if response is None:
            raise
        with transaction.atomic():
            return _again(asked) or _kept(asked, response)


class _Asked(NamedTuple):
    """What a request is known by, and the digest of what it wants."""

    api_key_id: int
    key: str
    fingerprint: str


def _again(asked: _Asked) -> HttpResponse | None:
    """Return the answer kept for the key, which is held from here on; None for a new one."""
    _hold(asked.api_key_id, asked.key)
    kept = rows_of(
        "SELECT fingerprint, status_code, body FROM accounts_idempotencyrecord"
        " WHERE api_key_id = %s AND key = %s",
        [asked.api_key_id, asked.key],
    )
    for fingerprint, status_code, body in kept:
        if fingerprint != asked.fingerprint:
            raise KeyReused
        return _answer(body, status_code, {REPLAYED: "true"})
    return None


def _kept(asked: _Asked, response: Response) -> HttpResponse:
    """Keep an answer, as the text that is sent, and return it."""
    body = JSONRenderer().render(response.data).decode()
    row = {**asked._asdict(), "status_code": response.status_code, "body": body}
    insert_all(IdempotencyRecord, {name: [value] for name, value in row.items()})
    return _answer(body, response.status_code, {})


def _answer(body: str, status_code: int, headers: dict[str, str]) -> HttpResponse:
    is_problem = status_code >= HTTPStatus.BAD_REQUEST
    content_type = PROBLEM_TYPE if is_problem else JSONRenderer.media_type
    return HttpResponse(body, content_type, status_code, headers=headers)


def _key(request: Request) -> str:
    text = request.headers.get(HEADER)
    if not text:
        raise KeyMissing
    if not _KEY.fullmatch(text):
        raise KeyWrong
    return text


def _fingerprint(request: Request) -> str:
    """Return the digest of method, path and body; the order of names in the body is no matter."""
    asked = [request.method, request.path, request.data]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _hold(key_id: int, key: str) -> None:
    """Hold the key until the transaction ends, or say that somebody else does."""
    ((held,),) = rows_of(
        "SELECT pg_try_advisory_xact_lock(%s, %s)",
        [LockClass.IDEMPOTENCY, lock_number(key_id, key)],
    )
    if not held:
        raise InProgress


def lock_number(key_id: int, key: str) -> int:
    """Return the number that a key is held by.

    Two keys may share one by chance, once in four thousand million: then one is told to come again.
    """
    digest = hashlib.sha256(f"{key_id} {key}".encode()).digest()
    return int.from_bytes(digest[:4], signed=True)
