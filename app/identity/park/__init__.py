"""The park's own name, mark, footer, contact and tax title."""
