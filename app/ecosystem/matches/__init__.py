"""Pairs that could meet, why, and what the two sides answer."""
