"""Rule files: read with the place of every fault, compiled once, judged with three values."""
