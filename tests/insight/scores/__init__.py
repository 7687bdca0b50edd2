"""Tests of app/insight/scores."""
