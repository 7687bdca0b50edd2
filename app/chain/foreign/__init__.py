"""Graphs and lists of somebody else: their columns are asked about, then they go the way of every import."""
