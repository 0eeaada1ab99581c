"""What the engine refuses. It knows no framework, so these are plain exceptions."""


class EngineError(Exception):
    """The engine was given something that it does not calculate with."""


class BadNetwork(EngineError):
    """The sponsors given are no tree."""


class BadSnapshot(EngineError):
    """The columns given do not fit each other."""


class TooLarge(EngineError):
    """A product or a sum would leave 64 bits."""


class BooksBroken(EngineError):
    """Figures that must agree do not. Nobody catches this."""
