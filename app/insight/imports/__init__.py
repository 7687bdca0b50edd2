"""Scores and sentences that came on paper, by interview or from another system."""
