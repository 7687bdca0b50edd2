"""What the park sets for all that is shared."""
