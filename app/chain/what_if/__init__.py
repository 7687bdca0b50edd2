"""What would be if these firms came and those left."""
