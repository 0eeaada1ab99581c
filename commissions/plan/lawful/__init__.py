"""Whether a plan is lawful: rules with their sources, taken as strictly as a profile says.

`review.review` is the way in. Nothing is imported here: the reader of plans asks `never` for what
no profile allows, and `review` asks the reader.
"""
