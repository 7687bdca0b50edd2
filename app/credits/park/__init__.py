"""The park's view of credits: what it owes, and what two people decide together."""
