"""API keys: issued once, looked up by digest, marked as used, revoked for good."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from accounts import keys
from accounts.errors import StorefrontClosed, UnknownScope
from accounts.models import ApiKey, IdempotencyRecord, Storefront, User
from mlm.loading import joined

# How fresh "last used" is: a busy key costs one write in this time, not one a request.
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def issue_key(
    storefront: Storefront,
    name: str,
    scopes: Collection[str],
    created_by: User | None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Return a new key and the text of it, which nobody can see again: only a digest is kept.

    Refused without scopes, with unknown ones, and for a storefront that is switched off.
    """
    unknown = sorted(set(scopes) - set(ApiKey.Scope.values))
    if unknown or not scopes:
        raise UnknownScope(
            f"Unknown scopes: {', '.join(unknown)}." if unknown else "A key needs a scope.",
            scopes=unknown,
        )
    if not storefront.is_active:
        raise StorefrontClosed(f"{storefront.name} is switched off.", storefront=storefront.code)
    identifier, full_key = keys.new_key()
    key = ApiKey.objects.create(
        storefront=storefront,
        name=name,
        identifier=identifier,
        secret_digest=keys.digest(full_key),
        last_four=full_key[-4:],
        scopes=sorted(set(scopes)),
        created_by=created_by,
        expires_at=expires_at,
    )
    return key, full_key


def revoke_key(key: ApiKey, *, at: datetime) -> ApiKey:
    """End a key for good; revoking it again keeps the first time."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at)
    key.refresh_from_db(fields=["revoked_at"])
    return key


def find_key(full_key: str, *, at: datetime) -> ApiKey | None:
    """Return the key with its storefront if it may be used now; None says no more than no."""
    identifier = keys.identifier_of(full_key)
    if identifier is None:
        return None
    key = _key_with_storefront(identifier)
    expected = key.secret_digest if key else keys.digest("")
    matches = hmac.compare_digest(keys.digest(full_key), expected)
    if key is None or not matches:
        return None
    is_current = key.revoked_at is None and (key.expires_at is None or key.expires_at > at)
    return key if is_current and key.storefront.is_active else None


def _key_with_storefront(identifier: str) -> ApiKey | None:
    """Return the key that an identifier finds; every request of the API asks this."""
    source = (
        "accounts_apikey a JOIN accounts_storefront b ON b.id = a.storefront_id"
        " WHERE a.identifier = %s"
    )
    for key, storefront, _ in joined(ApiKey, Storefront, source, [identifier]):
        key.storefront = storefront
        return key
    return None


def note_use(key: ApiKey, *, at: datetime) -> None:
    """Remember that the key was used; at most one write a minute, however busy it is."""
    latest = at - USE_IS_NOTED_EVERY
    if key.last_used_at is not None and key.last_used_at > latest:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=latest)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=at)
    key.last_used_at = at


def forget_answers(*, before: datetime) -> int:
    """Delete the kept answers of requests made before a moment; return how many there were.

    A request that is repeated later than that is new, and what it makes is known by the
    storefront's own number.
    """
    count, _ = IdempotencyRecord.objects.filter(created_at__lt=before).delete()
    return count
