"""What the `upline` script does on one machine: servers of its own, the demo, the tests.

Nothing here is used in production, and nothing here reads Django's settings: it makes the
environment that settings are read from.
"""
