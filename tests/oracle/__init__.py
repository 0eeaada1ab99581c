"""The slow, obvious version of every rule, written from docs/plan-language.md alone.

Nothing here imports the engine or the reader of plans, and nothing is done for speed: people are
dataclasses in a dict, figures are fractions, and what the documentation says in a sentence is one
statement. The tests ask the engine and the oracle the same question and compare every figure.
"""
