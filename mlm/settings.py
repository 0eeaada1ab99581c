"""Every setting of Upline, read once at start from the environment. docs/settings.md explains each.

Safe by default: production needs only what has no default here, and everything that makes the demo
or a development machine more comfortable has to be asked for.
"""

from pathlib import Path

import django_stubs_ext
from kombu import Exchange, Queue

from mlm import env as environment
from mlm.logs import logging_settings

django_stubs_ext.monkeypatch()  # lets classes say at run time what mypy knows: ModelForm[Price]

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.from_process()

# What has to be given, and where runtime files go
RUNTIME_DIR = env.path("UPLINE_HOME", default=BASE_DIR / ".upline")
SECRET_KEY = env.secret(
    "SECRET_KEY",
    at_least=50,
    todo='Make one with: python -c "import secrets; print(secrets.token_urlsafe(64))"',
)
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.listing(
    "ALLOWED_HOSTS", todo="Name the hosts people use, separated by commas: shop.example.com"
)
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.text("PUBLIC_URL", default="").rstrip("/")
COMPANY_NAME = env.text("COMPANY_NAME", default="Upline")
PLAN_PROFILE = env.choice(
    "PLAN_PROFILE", choices=("lab", "existing", "default", "strict"), default="default"
)

# Applications: an arrow goes from each of ours to the ones named after it
INSTALLED_APPS = [
    "office",
    "commissions",
    "orders",
    "distributors",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_filters",
    "template_partials",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "mlm.requests.RequestIdMiddleware",
    "mlm.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mlm.middleware.PolicyOfPages",
    "mlm.middleware.SessionsOfPages",
    "mlm.middleware.LanguagesOfPages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mlm.middleware.UsersOfPages",
    "mlm.middleware.MessagesOfPages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "mlm.urls"
WSGI_APPLICATION = "mlm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# PostgreSQL and Redis
DATABASES = {
    "default": {
        **env.database(
            "DATABASE_URL", todo="Write postgresql://user:password@host:5432/name of a PostgreSQL"
        ),
        "CONN_MAX_AGE": env.integer("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.url(
    "REDIS_URL",
    schemes=("redis", "rediss", "unix"),
    todo="Write redis://host:6379/0 of a Redis or Valkey",
)
CACHES = {
    "default": {
        "BACKEND": "mlm.cache.KeptRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "upline",
    }
}

# Language and time: stored in UTC, counted in the company's time zone
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("COMPANY_TIME_ZONE", default="UTC")

# Signing in
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = env.integer("SESSION_HOURS", default=14 * 24, at_least=1) * 3600

# Files
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_DIR", default=RUNTIME_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.flag("STATIC_HASHED", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
    # Snapshots of posted runs: never served, never changed, read by nobody but workers' own user
    "frozen": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.path("FROZEN_DIR", default=RUNTIME_DIR / "frozen"),
            "base_url": None,
            "allow_overwrite": False,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
MEDIA_ROOT = env.path("MEDIA_DIR", default=RUNTIME_DIR / "media")
MEDIA_URL = "/media/"

# Security. Scripts and styles are files, every one of them: no nonce, nothing inline.
HTTPS = env.flag("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", default=True)
if env.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# The API: a view says who may call it, or nobody may
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["mlm.permissions.Nobody"],
    "DEFAULT_PARSER_CLASSES": ["mlm.parsing.StrictJsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "mlm.schema.ProblemSchema",
    "EXCEPTION_HANDLER": "mlm.api.problem_details",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_REQUESTS_PER_MINUTE = env.integer("API_REQUESTS_PER_MINUTE", default=1200, at_least=1)
SPECTACULAR_SETTINGS = {
    "TITLE": "Upline API",
    "DESCRIPTION": "Orders, returns, products, members and their standing, for storefronts."
    " docs/api.md shows how to begin. Keys go into the header Authorization: Bearer. Money and"
    " volumes are decimal text, times have a zone, unknown fields are refused, and every error is"
    " a problem (RFC 9457) whose `code` never changes.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "TAGS": [
        {"name": "Orders", "description": "What was sold, paid and brought back. Only your own."},
        {"name": "Products", "description": "What may be sold, at what price and volume."},
        {"name": "Members", "description": "Who they are, and how they stand."},
    ],
    "ENUM_NAME_OVERRIDES": {
        "OrderStatus": "orders.models.orders.Order.Status",
        "MemberStatus": "distributors.models.members.Status",
        "MemberRole": "distributors.models.members.Role",
        "ProductKind": "orders.models.catalogue.Product.Kind",
        "LinePurpose": "orders.models.orders.Purpose",
        "FiguresState": "commissions.selectors.periods.FiguresState",
    },
}

# Work behind the pages. `live` is served by one process with one child, so that the arrays stay
# warm and a period is never calculated twice at once; the visibility time-out outlasts any close.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 3600, "socket_connect_timeout": 5}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_DEFAULT_EXCHANGE = "default"
CELERY_TASK_DEFAULT_ROUTING_KEY = "default"
CELERY_TASK_QUEUES = [  # each with its own exchange and key, or one message would reach all three
    Queue(name, Exchange(name, type="direct"), routing_key=name)
    for name in ("live", "explain", "default")
]
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {
    "commissions.refresh*": {"queue": "live"},
    "commissions.explain*": {"queue": "explain"},
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Connections outlive tasks, for as long as CONN_MAX_AGE says (mlm.celery sees to that): a refresh
# begins at once, and the lock of the live worker stays with it
CELERY_DB_REUSE_MAX = 10**9
# How long the live worker rests, of the time that its refresh had to wait for a processor
LIVE_REST_PER_CENT = env.integer("LIVE_REST_PER_CENT", default=200, at_least=0)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(RUNTIME_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in (
        ("commissions.sweep", 10),
        ("commissions.roll_periods", 60),
        ("commissions.drop_superseded", 3600),
        ("accounts.forget_answers", 3600),
    )
}

# Logs
LOGGING = logging_settings(
    format_name=env.choice("LOG_FORMAT", choices=("json", "console"), default="json"),
    level=env.choice("LOG_LEVEL", choices=("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
)

env.refuse_if_wrong()
