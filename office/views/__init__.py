"""The pages. Each says in its docstring who may see it, and carries the rule that makes it so."""
