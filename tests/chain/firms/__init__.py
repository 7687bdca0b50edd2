"""Tests of firms on the chain."""
