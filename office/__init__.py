"""Every page of members and staff; nothing imports this app."""
