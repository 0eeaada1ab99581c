"""Whether there are new figures: what every open dashboard asks every other second.

Two questions that cost next to nothing, so that thousands of open dashboards are no load. Whether
anything is new is the same for all: no session, no query for a second, and a cache in front may
answer for us. Whether it is about oneself is asked only then, by a signed token of the page that
was looked at, which tells who and what was shown: three look-ups by key, and again no session.
"""

from __future__ import annotations

from typing import Final

from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from commissions.selectors.periods import shown_run
from commissions.selectors.standings import fingerprint, fingerprint_of
from distributors.models import Member
from office.access import PageRequest, Rule, everyone
from office.selectors.figures import Figures, mark_of, open_period

KEPT_SECONDS: Final = 1
TOKEN_SECONDS: Final = 24 * 3600
_KEY: Final = "office:pulse"
_SALT: Final = "office.pulse"


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def pulse(request: HttpRequest) -> HttpResponseBase:
    """Return the mark of the newest figures as text and as ETag; 304 to who knows it already."""
    mark = newest_mark()
    etag = f'"{mark}"'
    answer = HttpResponse(mark, content_type="text/plain", headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=answer) or answer


pulse.rule = Rule.EVERYONE  # type: ignore[attr-defined]  # functions take attributes


@everyone
def own_pulse(request: PageRequest, token: str) -> HttpResponse:
    """Tell whether the figures that a page showed are still the member's: 204, or else 200.

    Everyone may ask who has the page's token; it is all that is looked at, for a day. A page that
    has been open for longer is told to look itself.
    """
    try:
        code, shown = signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS)
    except signing.SignatureExpired:
        return HttpResponse(status=200)
    except signing.BadSignature:
        raise Http404 from None
    run_id = int(newest_mark().partition(".")[0])
    return HttpResponse(status=204 if fingerprint_of(run_id, code) == shown else 200)


def token_of(member: Member, figures: Figures | None) -> str:
    """Return what a page asks with, whether its figures are still the member's."""
    shown = figures.fingerprint if figures else fingerprint(None, ())
    return signing.dumps([member.code, shown], salt=_SALT)


def newest_mark() -> str:
    """Return the mark of the figures that dashboards show, at most a second old."""
    return str(cache.get_or_set(_KEY, _newest, KEPT_SECONDS))


def _newest() -> str:
    period = open_period(at=timezone.now())
    return mark_of(shown_run(period) if period else None)
