"""The trends with which the start page of the park's people begins."""
