"""Tests of app/insight/alerts."""
