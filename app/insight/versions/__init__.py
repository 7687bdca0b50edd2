"""Versions of what the cockpit runs by, decided by a second person."""
