"""Channels compared each quarter: which one brings the truth."""
