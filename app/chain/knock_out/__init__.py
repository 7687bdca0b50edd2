"""What stops if one firm stops."""
