"""Whom to recruit, proven: the best set of outside firms within a number, a budget and groups.

Start with `rules` (what a choice is worth, exactly), then `bounds` (what no choice can beat) and `search`.
"""
