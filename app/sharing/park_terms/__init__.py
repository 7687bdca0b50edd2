"""What the park decides for everything that is shared."""
