"""One person per role to sign in as, with passwords that every installation draws for itself.

They stand in a file of the runtime folder that only its owner can read, with the demo shop's API
key, and nowhere else: the database has digests. A file that is lost is made again, with new ones.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import ApiKey, Storefront, User
from accounts.services import find_key, issue_key, revoke_key
from distributors.codes import ALPHABET
from distributors.models import Holding, Member
from distributors.services import give_login
from office.demo import company

ROLES: Final = ("admin", "staff", "leader", "newcomer", "customer")
STAFF_GROUPS: Final = ("Support", "Commission analyst")
KEY_NAME: Final = "demo"


class SignIn(NamedTuple):
    """Who signs in, as what."""

    role: str
    email: str
    password: str


class Secrets(NamedTuple):
    """What the file holds."""

    signins: list[SignIn]
    api_key: str


def path() -> Path:
    """Return where the file is."""
    return Path(settings.RUNTIME_DIR) / "demo-signins.json"


def make_company_users() -> User:
    """Make the administrator and one of the staff; return the latter."""
    User.objects.create_superuser(email_of("admin"), None, name="Ada Quayle")
    staff = User.objects.create_user(email_of("staff"), None, name="Stan Corrie", is_staff=True)
    staff.groups.set(Group.objects.filter(name__in=STAFF_GROUPS))
    return staff


def make_member_login(role: str, member: Member, *, at: datetime) -> None:
    """Let the holder of a member sign in, without a password yet."""
    party = Holding.objects.get(member=member, effective_until=None, effective_from__lte=at).party
    party.email = email_of(role)
    party.save(update_fields=["email"])
    give_login(party, email=email_of(role), password=None)


def email_of(role: str) -> str:
    """Return the address that somebody signs in with."""
    return f"{role}@{company.DOMAIN}"


def are_there() -> bool:
    """Tell whether the demo's people have been made in this database."""
    return User.objects.filter(email=email_of("leader")).exists()


def current(*, at: datetime) -> Secrets:
    """Return what the file says if it fits this database; else draw all anew and write it."""
    found = _read()
    if found is not None and find_key(found.api_key, at=at) is not None:
        return found
    made = _draw(at=at)
    _write(made)
    return made


def _read() -> Secrets | None:
    try:
        content = json.loads(path().read_text(encoding="utf-8"))
        signins = [SignIn(**entry) for entry in content["signins"]]
        return Secrets(signins, content["api_key"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@transaction.atomic
def _draw(*, at: datetime) -> Secrets:
    """Give everybody a new password and the shop a new key; what was before ends."""
    signins = []
    for role in ROLES:
        user = User.objects.get(email=email_of(role))
        password = "-".join(_letters(4) for _ in range(4))
        user.set_password(password)
        user.save(update_fields=["password"])
        signins.append(SignIn(role, user.email, password))
    storefront = Storefront.objects.get(code=company.STOREFRONT_CODE)
    for old in ApiKey.objects.filter(storefront=storefront, name=KEY_NAME, revoked_at=None):
        revoke_key(old, at=at)
    _, api_key = issue_key(storefront, KEY_NAME, ApiKey.Scope.values, None)
    return Secrets(signins, api_key)


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET.lower()) for _ in range(count))


def _write(made: Secrets) -> None:
    """Write the file for its owner alone, and put it in place in one step."""
    path().parent.mkdir(parents=True, exist_ok=True)
    content = {"signins": [entry._asdict() for entry in made.signins], "api_key": made.api_key}
    handle, name = tempfile.mkstemp(dir=path().parent, prefix=".demo-signins")  # made as 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
    Path(name).replace(path())
