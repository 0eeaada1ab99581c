"""The web application, as gunicorn loads it."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlm.settings")

application = get_wsgi_application()

# A thousand orders in one request make objects by the ten thousand. Looking through all that was
# loaded for garbage each time would take a quarter of the work; it is loaded first, and then left.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
