"""What was worked out, read back: periods, runs, standings, earnings. Nothing here calculates."""
