"""All lines of a run as files for other programs, with names in the place of our numbers."""
