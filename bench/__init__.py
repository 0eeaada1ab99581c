"""How fast it is, measured in one run beside other ways of doing the same; docs/measuring.md."""
