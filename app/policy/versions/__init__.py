"""Policies and their versions: imported, tested, approved by a second person, in force, ended."""
