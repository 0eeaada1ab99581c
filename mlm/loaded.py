"""What a web process has loaded is there to stay, and is not looked through for garbage."""

import gc
from importlib import import_module

from django.conf import settings


def leave_alone() -> None:
    """Load all pages, and look from now on only at what requests make.

    A thousand orders in one request make objects by the ten thousand. Looking through all that was
    loaded each time would take a quarter of the work; a page would now and then take a quarter of a
    second longer than usual.
    """
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
