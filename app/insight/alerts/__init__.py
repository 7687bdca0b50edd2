"""What got worse, how sure that is, and how long it lasts."""
