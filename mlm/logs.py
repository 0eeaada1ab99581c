"""Structured logs: one event a line, JSON for machines or plain text for people at a terminal."""

from typing import Any

import structlog
from structlog.typing import Processor


def logging_settings(*, format_name: str, level: str) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING; other libraries' logs take the same form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    quiet = {"level": "WARNING"}  # their INFO says on every line what ours says better
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "upline": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *_last_steps(format_name),
                ],
            }
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "upline"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "numba": quiet,
            "kombu": quiet,
            "amqp": quiet,
            "celery.worker.strategy": quiet,
        },
    }


def _last_steps(format_name: str) -> list[Processor]:
    """Return what turns an event into a line."""
    if format_name == "console":
        plain = structlog.dev.plain_traceback  # others show local variables, secrets among them
        return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
