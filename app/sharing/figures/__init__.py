"""How much of what is shared is used, and what it earns."""
