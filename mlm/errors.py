"""The two ways something may be refused, so that every part of Upline means the same by them."""


class DomainError(Exception):
    """A rule of the business said no; the person asking can be told why.

    `code` is stable and belongs to the class: callers and API clients may compare it. `extra`
    holds what the message is about, ready for JSON.
    """

    code = "refused"

    def __init__(self, message: str, **extra: object) -> None:
        super().__init__(message)
        self.message = message
        self.extra = extra


class Unprocessable(DomainError):
    """What was asked for names something that does not exist, or does not fit together.

    `pointer` is the JSON pointer to the value in question.
    """

    code = "unprocessable"

    def __init__(self, message: str, *, pointer: str, **extra: object) -> None:
        super().__init__(message, **extra)
        self.pointer = pointer


class InvariantBroken(Exception):
    """The books do not add up. Nobody catches this: the transaction must die and a person look."""
