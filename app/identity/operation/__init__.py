"""Whether background work is done: the same figures that `/readyz` tells a machine, for a person."""
