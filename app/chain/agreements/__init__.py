"""Two firms say yes or no to each other."""
