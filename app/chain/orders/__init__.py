"""What a firm sells in the park a year, and the links agreed here."""
