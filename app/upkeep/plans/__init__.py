"""Maintenance plans: when they fall due, and how available a machine was."""
