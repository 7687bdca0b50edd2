"""Personal information: what for, which kinds, how long, with whose consent; taking it back."""
