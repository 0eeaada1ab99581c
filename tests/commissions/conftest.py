"""Kernels compile in the middle of a test when the cache is cold: no test is timed here."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None, derandomize=True)
settings.load_profile("unhurried")
