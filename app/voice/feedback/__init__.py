"""Remarks and their authors: who may know what."""
