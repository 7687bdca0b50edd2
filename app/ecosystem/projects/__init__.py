"""University projects on their way to production, and joint bases."""
