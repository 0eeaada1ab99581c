"""The web application, as gunicorn loads it."""

import os

from django.core.wsgi import get_wsgi_application

from mlm import loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlm.settings")

application = get_wsgi_application()
loaded.leave_alone()
