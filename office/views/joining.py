"""How people come in: a member's link, the page behind it, and the agreement."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from distributors.errors import EmailTaken, SponsorCannotEnrol
from distributors.models import AgreementVersion, Member, StatusPolicy
from distributors.selectors import credited_distributor, versions_at
from distributors.services import accept_agreement, current_agreement, enrol_customer, give_login
from mlm.errors import DomainError
from office.access import PageRequest, Seat, distributors, everyone, members
from office.attempts import JOIN_FROM_ONE_PLACE, network_address
from office.forms import AgreeForm, JoinForm
from office.views.signing_in import too_many


@distributors
def link(request: PageRequest, seat: Seat) -> HttpResponse:
    """Show one's own link, to copy, to scan, to send. Distributors only."""
    context = {"seat": seat, "here": "link", "link": link_of(request, seat.member)}
    return render(request, "office/link.html", context)


@distributors
def link_as_qr(request: PageRequest, seat: Seat) -> HttpResponse:
    """Return one's own link as a QR code, an SVG picture. Distributors only."""
    picture = BytesIO()
    code = segno.make(link_of(request, seat.member), error="m")
    code.save(picture, kind="svg", border=2, omitsize=True, dark="#14211c", light="#ffffff")
    headers = {"Content-Disposition": f'inline; filename="link-{seat.member.code}.svg"'}
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml", headers=headers)


def link_of(request: PageRequest, member: Member) -> str:
    """Return a member's link as others have to open it."""
    path = reverse("referral", kwargs={"code": member.referral_code})
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path)


@sensitive_post_parameters("password")
@everyone
def referral(request: PageRequest, code: str) -> HttpResponse:
    """Let a visitor become a customer of the member whose link this is. Everyone may see it."""
    at = timezone.now()
    sponsor = _sponsor(code, at=at)
    if sponsor is None:
        return render(request, "office/unknown_link.html", status=404)
    return _join(request, sponsor, at=at)


@sensitive_post_parameters("password")
@everyone
def join(request: PageRequest) -> HttpResponse:
    """Let a visitor without a link become a customer of the company. Everyone may see it."""
    house = Member.objects.filter(is_house=True).first()
    if house is None:
        return render(request, "office/unknown_link.html", {"no_house": True}, status=404)
    return _join(request, house, at=timezone.now())


def _sponsor(code: str, *, at: datetime) -> Member | None:
    """Return whose link it is; None for nobody's, and for who may not enrol anybody now."""
    if not code.isprintable():
        return None
    by_code = Member.objects.alias(lower_code=Lower("referral_code"))
    sponsor = by_code.filter(lower_code=code.lower()).first()
    if sponsor is None:
        return None
    version = versions_at(at).filter(member_id=sponsor.pk).first()
    if version is None:
        return None
    return sponsor if StatusPolicy.objects.get(pk=version.status).may_enrol else None


def _join(request: PageRequest, sponsor: Member, *, at: datetime) -> HttpResponse:
    seller = credited_distributor(sponsor, at=at)
    form = JoinForm(request.POST or None, initial={"market": sponsor.market_id})
    context = {"form": form, "sponsor": sponsor, "seller": seller}
    if request.method != "POST" or request.user.is_authenticated:
        return render(request, "office/join.html", context)
    place = network_address(request)
    if JOIN_FROM_ONE_PLACE.is_reached(place):
        return too_many(request)
    if form.is_valid():
        JOIN_FROM_ONE_PLACE.count(place)
        if user := _enrol(form, sponsor, at=at):
            login(request, user)
            messages.success(request, f"Welcome, {form.cleaned_data['name']}.")
            return redirect("home")
    return render(request, "office/join.html", context, status=422)


def _enrol(form: JoinForm, sponsor: Member, *, at: datetime) -> User | None:
    """Make the visitor a customer who can sign in; None if refused: the form says why."""
    wanted = form.cleaned_data
    try:
        with transaction.atomic():
            member = enrol_customer(
                name=wanted["name"],
                email=wanted["email"],
                sponsor=sponsor,
                market=wanted["market"],
                at=at,
            )
            party = member.holdings.get().party
            return give_login(party, email=wanted["email"], password=wanted["password"])
    except EmailTaken:
        form.add_error("email", "There is an account with this address. Sign in with it instead.")
    except SponsorCannotEnrol:
        form.add_error(None, "This link is no longer in use. Ask the person for a new one.")
    return None


@members
def become_distributor(request: PageRequest, seat: Seat) -> HttpResponse:
    """Let a customer accept the agreement. Members only; who is a distributor is sent home."""
    if seat.is_distributor:
        return redirect("home")
    at = timezone.now()
    try:
        agreement = current_agreement(at=at)
    except AgreementVersion.DoesNotExist:
        return render(request, "office/agreement.html", {"seat": seat, "here": ""}, status=404)
    form = AgreeForm(request.POST or None, initial={"agreement": agreement.label})
    if request.method == "POST" and form.is_valid():
        refusal = _accept(request, seat, form.cleaned_data["agreement"], at=at)
        if refusal is None:
            messages.success(request, "You are a distributor now. This is your dashboard.")
            return redirect("home")
        form = AgreeForm(initial={"agreement": agreement.label})
        context = {"seat": seat, "agreement": agreement, "form": form, "refusal": refusal}
        return render(request, "office/agreement.html", context, status=409)
    status = 422 if form.is_bound else 200
    context = {"seat": seat, "agreement": agreement, "form": form}
    return render(request, "office/agreement.html", context, status=status)


def _accept(request: PageRequest, seat: Seat, label: str, *, at: datetime) -> str | None:
    """Make the customer a distributor by the wording they saw; return why not, if refused."""
    agreement = current_agreement(at=at)
    if label != agreement.label:
        return "A newer wording is in force. It is below: please read and accept that one."
    try:
        accept_agreement(
            seat.member,
            party=seat.party,
            agreement=agreement,
            at=at,
            ip_address=network_address(request) or None,
            user_agent=request.headers.get("User-Agent", ""),
        )
    except DomainError as refused:
        return refused.message
    return None
