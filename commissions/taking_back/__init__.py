"""Late returns: what comes back after its run was posted, and what it takes back of that pay."""

from commissions.taking_back.book import Book, Change, Matched

__all__ = ["Book", "Change", "Matched"]
