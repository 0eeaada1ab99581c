"""One file for each kind of bonus; each has `lines`, which yields what the bonus pays."""
