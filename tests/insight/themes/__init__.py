"""Tests of app/insight/themes."""
