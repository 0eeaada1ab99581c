"""Settings for mypy's Django plugin, which loads them but never connects to anything."""

import os

os.environ.setdefault("SECRET_KEY", "for the type checker only, never for anything that listens")
os.environ.setdefault("ALLOWED_HOSTS", "localhost")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")
os.environ.setdefault("REDIS_URL", "redis://localhost/0")

from mlm.settings import *  # noqa: F403  (a settings module is one namespace)
