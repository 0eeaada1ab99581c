"""The company's side of the network: members, parties, agreements, markets, states, events."""

from distributors.admin import events, members, parties, reference

__all__ = ["events", "members", "parties", "reference"]
