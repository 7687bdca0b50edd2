"""Firms to bring: how they fit, and the way from identified to landed."""
