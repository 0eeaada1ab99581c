"""The engine over months made from a seed: what is measured, and how it is known to be right."""
