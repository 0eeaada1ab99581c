"""The pages of docs/ are true: links, plans, commands, and the tables that claim to be complete."""
