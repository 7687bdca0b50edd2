"""Use cases of the chain room, one module per topic."""
