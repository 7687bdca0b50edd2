"""Who sits at the round table, and which firms are of a kind."""
