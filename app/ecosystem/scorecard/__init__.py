"""What the park achieved per month, every figure opening its rows."""
