"""Filters and views of lists, remembered per member."""
