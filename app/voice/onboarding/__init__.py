"""A newcomer's way in, step by step."""
