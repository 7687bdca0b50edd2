"""A starter set for a fresh park, taken over in one four-eyes act; checklists of the first days."""
