"""Where it is warm and where it is cold: dimension by layer, dimension by firm."""
