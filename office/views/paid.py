"""How we are paid: the plan in plain words, for everybody, signed in or not.

The page is the same for all and knows nobody, so caches may keep it: for five minutes as it is, and
after that as long as its fingerprint (ETag) stays.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from commissions.selectors.plans_in_force import told_plans
from office.access import Rule

KEPT_SECONDS = 300


@require_safe
@conditional_page
@cache_control(public=True, max_age=KEPT_SECONDS)
def how_we_are_paid(request: HttpRequest) -> HttpResponse:
    """Tell the plan in force, or with `?version=` another one that is or was live."""
    plans = told_plans(at=timezone.now())
    wanted = request.GET.get("version")
    shown = [one for one in plans if one.version.label == wanted]
    if wanted is None:
        shown = [one for one in plans if one.is_now]
    elif not shown:
        raise Http404
    context = {
        "shown": [(one, one.telling()) for one in shown],
        "ahead": [one for one in plans if one.is_ahead],
        "plans": plans,
        "is_another": wanted is not None and not shown[0].is_now,
    }
    return render(request, "office/how_we_are_paid.html", context)


how_we_are_paid.rule = Rule.EVERYONE  # type: ignore[attr-defined]  # functions take attributes
