"""The chains as data: segments, inputs, firms, positions and supply, read once per version."""
