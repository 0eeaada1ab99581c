"""The checks behind the rules, one function each: a plan in, every breach with its place out."""
