"""Whom to recruit together: the page on the proven choice, kept plans, and one call."""
