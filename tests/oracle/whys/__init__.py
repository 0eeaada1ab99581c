"""Explanations, as the documentation has them: who is told what about a sale, and why."""
