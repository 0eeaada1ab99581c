"""Draws whole cases from a number: a plan over all of the language, people, sales, periods.

Nothing here knows what comes out of a case. The same number always draws the same case. Figures
are small and round on purpose, and taken from the plan's own thresholds: drawn from a wide range, a
base times a rate hardly ever ends in exactly one half, and nobody meets a threshold to the point.
"""
