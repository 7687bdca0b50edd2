"""What was heard or refused, kept as evidence."""
