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
from typing import Final

from django.db import connection, transaction
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import key_of
from accounts.models import IdempotencyRecord
from mlm.api import problem_details
from mlm.database import LockClass
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


def once(request: Request, work: Callable[[], Response]) -> Response:
    """Return the answer of `work`, or the kept one if this very request was answered before."""
    api_key = key_of(request)
    key = _key(request)
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        _hold(api_key.pk, key)
        kept = IdempotencyRecord.objects.filter(api_key=api_key, key=key).first()
        if kept is not None:
            return _again(kept, fingerprint)
        response = _worked(request, work)
        IdempotencyRecord.objects.create(
            api_key=api_key,
            key=key,
            fingerprint=fingerprint,
            status_code=response.status_code,
            body=JSONRenderer().render(response.data).decode(),
        )
    return response


def _worked(request: Request, work: Callable[[], Response]) -> Response:
    """Return the answer that is to be kept; any other is raised, and undoes the record as well."""
    try:
        with transaction.atomic():
            return work()
    except ValidationError as mistake:
        response = problem_details(mistake, {"request": request})
        if response is None:
            raise
        return response


def _again(kept: IdempotencyRecord, fingerprint: str) -> Response:
    if kept.fingerprint != fingerprint:
        raise KeyReused
    content_type = PROBLEM_TYPE if kept.status_code >= HTTPStatus.BAD_REQUEST else None
    headers = {REPLAYED: "true"}
    return Response(
        json.loads(kept.body), kept.status_code, headers=headers, content_type=content_type
    )


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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, %s)",
            [LockClass.IDEMPOTENCY, lock_number(key_id, key)],
        )
        (held,) = cursor.fetchone()
    if not held:
        raise InProgress


def lock_number(key_id: int, key: str) -> int:
    """Return the number that a key is held by.

    Two keys may share one by chance, once in four thousand million: then one is told to come again.
    """
    digest = hashlib.sha256(f"{key_id} {key}".encode()).digest()
    return int.from_bytes(digest[:4], signed=True)
