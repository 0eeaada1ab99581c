"""What pages show, put together from what other apps read. Nothing here calculates pay."""
