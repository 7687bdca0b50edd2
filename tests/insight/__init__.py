"""Tests of the insight room."""
