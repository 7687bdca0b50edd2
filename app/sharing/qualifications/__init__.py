"""Trainings that instruments ask for."""
