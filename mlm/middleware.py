"""What only pages need: sessions, languages, messages. The API knows its callers by their keys.

Each of these costs the API a part of every request, and none has anything to say there. That they
are left out is decided by address alone, before anything was looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from typing_extensions import override

API: Final = "/api/v1/"
#: Answers of the API are data: nothing in them may be run, shown or framed.
POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class PagesOnly(MiddlewareMixin):
    """Hands requests of the API on as they are."""

    get_response: Callable[[HttpRequest], HttpResponseBase]

    @override
    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer pages as the middleware does, the API without it."""
        if request.path.startswith(API):
            return self.handed_on(request)
        return cast(HttpResponseBase, super().__call__(request))  # we are not asynchronous

    def handed_on(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer of what comes after."""
        return self.get_response(request)


class SessionsOfPages(PagesOnly, SessionMiddleware):
    """Sessions of people; a key needs none."""


class UsersOfPages(PagesOnly, AuthenticationMiddleware):
    """Who is signed in."""


class MessagesOfPages(PagesOnly, MessageMiddleware):
    """What the next page says."""


class LanguagesOfPages(PagesOnly, LocaleMiddleware):
    """The reader's language; the API speaks one, whatever the page before it on a thread spoke."""

    @override
    def handed_on(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer in the installation's language."""
        translation.activate(settings.LANGUAGE_CODE)
        return super().handed_on(request)


class PolicyOfPages(PagesOnly, CSPMiddleware):
    """The content security policy; that of data is always the same."""

    @override
    def handed_on(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer with the policy of data."""
        answer = super().handed_on(request)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer
