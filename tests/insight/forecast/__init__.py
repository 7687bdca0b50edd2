"""Tests of app/insight/forecast."""
