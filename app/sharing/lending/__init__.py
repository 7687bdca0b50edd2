"""Patents licensed and people lent out."""
