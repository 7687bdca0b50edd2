"""What each dimension weighs in the index, and where it is on target or red: proposed by one, approved by another."""
