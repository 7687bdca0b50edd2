"""What one department answers for: its problems and clocks, the dimensions they speak of, the measures it carries."""
