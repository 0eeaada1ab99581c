"""In and out, for all roles alike."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from office.access import PageRequest, Seat, closed, everyone, seat_of, signed_in
from office.attempts import SIGN_IN, SIGN_IN_FROM_ONE_PLACE, network_address
from office.forms import SignInForm


@sensitive_post_parameters("password")
@everyone
def sign_in(request: PageRequest) -> HttpResponse:
    """Sign somebody in. Everyone may see it; what was wrong with a try is never said."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    if request.method != "POST":
        return render(request, "office/sign_in.html", _context(request, SignInForm(request)))
    who = (request.POST.get("username", ""), network_address(request))
    if SIGN_IN.is_reached(*who) or SIGN_IN_FROM_ONE_PLACE.is_reached(who[1]):
        return too_many(request)
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        SIGN_IN.count(*who)
        SIGN_IN_FROM_ONE_PLACE.count(who[1])
        return render(request, "office/sign_in.html", _context(request, form), status=422)
    SIGN_IN.forget(*who)
    return _let_in(request, form)


def _let_in(request: PageRequest, form: SignInForm) -> HttpResponse:
    user = form.get_user()
    if not isinstance(user, User):
        raise TypeError(f"{user} is no user of ours")
    seat = seat_of(user, at=timezone.now())
    if seat is not None and not seat.policy.may_sign_in:
        return closed(request)
    login(request, user)
    return redirect(_next(request))


def _context(request: PageRequest, form: SignInForm) -> dict[str, object]:
    return {"form": form, "next": _asked_for(request)}


def _asked_for(request: PageRequest) -> str:
    return str(request.POST.get("next") or request.GET.get("next") or "")


def _next(request: PageRequest) -> str:
    """Return where somebody wanted to go; home for anything that is not a page of this site."""
    wanted = _asked_for(request)
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url("home")


def too_many(request: PageRequest) -> HttpResponse:
    """Return the page for too many tries; it does not say whose."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(SIGN_IN.seconds)
    return response


@everyone
def sign_out(request: PageRequest) -> HttpResponse:
    """End the session. Everyone may; only a POST does."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    logout(request)
    return redirect("sign-in")


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@signed_in
def change_password(request: PageRequest, seat: Seat | None) -> HttpResponse:
    """Change one's own password. Whoever is signed in may; other sessions of theirs end."""
    form = PasswordChangeForm(request.user, request.POST or None)  # type: ignore[arg-type]  # not anonymous here
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, "Your password is changed. Other devices are signed out.")
        return redirect("account")
    status = 422 if form.is_bound else 200
    context = {"form": form, "seat": seat, "here": "account"}
    return render(request, "office/password.html", context, status=status)
