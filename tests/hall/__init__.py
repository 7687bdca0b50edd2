"""Tests of the hall's tools."""
