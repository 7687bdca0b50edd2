"""Answering: the form behind a token, what counts as an answer, and what is kept of who answered."""
