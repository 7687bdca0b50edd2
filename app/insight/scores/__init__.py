"""Scores of firms to series of months, the index and its parts."""
