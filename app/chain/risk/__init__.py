"""Systemic risk of every firm, as a range."""
