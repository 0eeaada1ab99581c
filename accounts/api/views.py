"""What all views for storefronts share: a key, a scope for each method, and one clock a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from accounts.api.authentication import KeyAuthentication, key_of
from accounts.api.idempotency import once
from accounts.api.permissions import HasScope
from accounts.api.throttling import KeyThrottle
from accounts.models import Storefront
from mlm.errors import DomainError
from mlm.fields import StrictSerializer
from mlm.reading import read


class StorefrontApi(APIView):
    """A view for storefronts; `scopes` says what a key needs for each method.

    `refusals` says what the business may refuse, for the API's description: refusals by class,
    and things that are not there by code.
    """

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [KeyThrottle]
    http_method_names = ["get", "head", "post"]
    scopes: ClassVar[Mapping[str, str]] = {}
    refusals: ClassVar[Mapping[str, Sequence[type[DomainError] | str]]] = {}
    at: datetime

    @override
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the clock, once, and see whether the caller may."""
        self.at = timezone.now()
        super().initial(request, *args, **kwargs)

    @property
    def storefront(self) -> Storefront:
        """Return who is calling."""
        return key_of(self.request).storefront

    def read(self, serializer: type[StrictSerializer]) -> dict[str, Any]:
        """Return the body's values, or raise all its mistakes."""
        return read(serializer, self.request.data, at=self.at)

    def read_query(self, serializer: type[StrictSerializer]) -> dict[str, Any]:
        """Return the values of the query, or raise all its mistakes."""
        return read(serializer, self.request.query_params, at=self.at)


class OnceApi(StorefrontApi):
    """A view whose POST has one effect for one Idempotency-Key."""

    def post(self, request: Request, **parts: str) -> HttpResponse:
        """Answer, or repeat the answer."""
        return once(request, lambda: self.work(**parts))

    def work(self, **parts: str) -> Response:
        """Do what was asked for; called inside a transaction, at most once for a key."""
        raise NotImplementedError
