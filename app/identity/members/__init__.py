"""Members: people of organisations, their roles, and the links by which they come in."""
