"""Causes outside the park: how sure it is that there is one, and who acts on it together."""
