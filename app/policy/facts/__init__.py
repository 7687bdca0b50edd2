"""Facts of firms: what came in, for which period, from which source."""
