"""What keys refuse, each with a stable code."""

from mlm.errors import DomainError


class UnknownScope(DomainError):
    """A key was to be allowed something that does not exist, or nothing at all."""

    code = "unknown_scope"


class StorefrontClosed(DomainError):
    """The storefront is switched off: it gets no keys."""

    code = "storefront_closed"
