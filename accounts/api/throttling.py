"""How many requests a key may make: so many a minute, counted in Redis."""

from __future__ import annotations

from typing import Final

import structlog
from django.conf import settings
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView
from typing_extensions import override

from accounts.models import ApiKey
from mlm.cache import count

WINDOW_SECONDS: Final = 60

log = structlog.get_logger(__name__)


class KeyThrottle(BaseThrottle):
    """Counts a key's requests in each minute; without Redis nobody is turned away."""

    seconds_left = 0

    @override
    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request and return whether it is within the limit."""
        if not isinstance(request.auth, ApiKey):
            return True
        window, passed = divmod(int(timezone.now().timestamp()), WINDOW_SECONDS)
        self.seconds_left = WINDOW_SECONDS - passed
        name = f"api:requests:{request.auth.pk}:{window}"
        try:
            made = count(name, seconds=2 * WINDOW_SECONDS)
        except RedisError as error:
            log.warning("requests are not counted", error=str(error))
            return True
        return made <= int(settings.API_REQUESTS_PER_MINUTE)

    @override
    def wait(self) -> float:
        """Return the seconds until counting begins anew."""
        return self.seconds_left
