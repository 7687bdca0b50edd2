"""Sentences to themes, every word of which can be pointed at."""
