"""Who may come in: people who sign in, and the shops and systems that call the API.

The lowest of the domain apps. It knows nothing of members: which party a login belongs to is
`distributors.Login`.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from typing_extensions import override


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are kept in lower case, so that one address is one user."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """Return a new user; without a password the user cannot sign in until one is set."""
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        """Return a new user who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    @override
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in: by e-mail address and password."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField(
        "company staff", default=False, help_text="May sign in to the company's side."
    )
    is_active = models.BooleanField("may sign in", default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """Return the name, or the address where none was given."""
        return self.name or self.email


class Storefront(models.Model):
    """A shop or ERP that sells for the company: the owner of its own order numbers and API keys."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    @override
    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A storefront's key: shown once when it is made, kept only as a digest, limited by scopes."""

    class Scope(models.TextChoices):
        ORDERS_WRITE = "orders:write", "place orders"
        ORDERS_READ = "orders:read", "read its own orders"
        RETURNS_WRITE = "returns:write", "take returns"
        MEMBERS_READ = "members:read", "look members up by code"
        STANDINGS_READ = "standings:read", "read volumes, ranks and estimated earnings"
        PRODUCTS_READ = "products:read", "read products and their prices"

    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=100)
    identifier = models.CharField(
        max_length=16, unique=True, help_text="The part of the key that finds it; not secret."
    )
    secret_digest = models.CharField(max_length=64, help_text="SHA-256 of the whole key, in hex.")
    last_four = models.CharField(max_length=4)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices))
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    @override
    def __str__(self) -> str:
        return f"{self.name} (…{self.last_four})"


class IdempotencyRecord(models.Model):
    """One request that creates something, by its key: the answer that a repetition gets again.

    The answer is kept as the text that was sent, so that it comes again letter by letter.
    """

    api_key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status_code = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), db_index=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_once_per_key")
        ]

    @override
    def __str__(self) -> str:
        return self.key
