"""What the figures, rules and reasons of any plan are called on the pages, ready for translation.

Names of volumes, ranks and bonuses are the plan's own; nothing here knows a certain plan.
"""
