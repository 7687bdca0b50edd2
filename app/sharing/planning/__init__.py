"""Flexible wishes, planned together in rounds."""
