"""A firm leaves: what is open, what becomes of it, and the day on which it has left."""
