"""Readings of meters: baseline, alarms and the days to a limit."""
