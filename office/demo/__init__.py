"""A company that does not exist, for trying Upline out, and networks of any size for measuring it.

Nothing here is used while a business runs.
"""
