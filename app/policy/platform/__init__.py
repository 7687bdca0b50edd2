"""What the other rooms know of a firm, read through their doors and never typed."""
