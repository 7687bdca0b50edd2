"""Use cases of the ecosystem room, one module per topic."""
