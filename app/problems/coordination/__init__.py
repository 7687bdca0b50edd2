"""Meetings of departments about one problem, weekly until it is resolved, and hand-over to an initiative."""
