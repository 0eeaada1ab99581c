"""Every page, list and answer of the API in a large company, as every kind of reader."""
