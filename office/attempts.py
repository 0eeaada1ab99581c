"""How often somebody may try: to sign in, by address and by place; to join, by place.

Counted in the cache, so that all web processes count together. Names and addresses are kept only as
digests, and only as long as they count.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within so many seconds."""

    name: str
    at_most: int
    seconds: int

    def is_reached(self, *who: str) -> bool:
        """Tell whether nothing more is allowed for now."""
        return int(cache.get(self._key(who), 0)) >= self.at_most

    def count(self, *who: str) -> None:
        """Count one attempt; the time runs from the first."""
        key = self._key(who)
        if not cache.add(key, 1, timeout=self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out in this very moment
                cache.set(key, 1, timeout=self.seconds)

    def forget(self, *who: str) -> None:
        """Start again from nothing, as after a sign-in that worked."""
        cache.delete(self._key(who))

    def _key(self, who: tuple[str, ...]) -> str:
        digest = hashlib.sha256("\0".join(part.lower() for part in who).encode()).hexdigest()
        return f"attempts:{self.name}:{digest}"


SIGN_IN: Final = Limit("sign-in", at_most=5, seconds=15 * 60)
SIGN_IN_FROM_ONE_PLACE: Final = Limit("sign-in-place", at_most=100, seconds=15 * 60)
JOIN_FROM_ONE_PLACE: Final = Limit("join-place", at_most=20, seconds=60 * 60)


def is_behind_proxy() -> bool:
    """Tell whether a proxy of ours stands between the callers and this process."""
    return bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))


def network_address(request: HttpRequest) -> str:
    """Return where a request comes from; behind our proxy, what the proxy says. "" if unknown.

    The last entry is the proxy's own; those before it are whatever the caller wrote.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.headers.get("X-Forwarded-For", ""))
    if forwarded and is_behind_proxy():
        address = forwarded.rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return ""
