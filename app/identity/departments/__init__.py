"""Departments of the park, their people, and who leads them on a day."""
