"""The slow, obvious version of every rule, written from docs/plan-language.md alone.

Nothing is done for speed: people are dataclasses in a dict, figures are fractions, and what the
documentation says in a sentence is one statement. Only `engine_side` imports the engine and the
reader of plans: it asks them the same question, in their own columns, for the tests to compare.
"""
