"""Monthly meetings with a computed agenda, votes, minutes and resolutions."""
