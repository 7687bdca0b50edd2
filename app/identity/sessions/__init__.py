"""Signing in: passwords, browsers, tokens of the API."""
