"""When something is due: three classes, three clocks, pauses that end by themselves."""
