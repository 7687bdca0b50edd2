"""The next month, with what the method would have missed so far."""
