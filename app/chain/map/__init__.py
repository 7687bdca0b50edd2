"""The chain drawn: map, flows and heat map."""
