"""How good and how fast the optimiser is, on seeded parks of four sizes."""
