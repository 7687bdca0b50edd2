"""Whom to recruit: values by hand, by definition and by brute force."""
