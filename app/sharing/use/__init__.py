"""What really happened and what it costs: use, settlement, payment, statements, disputes."""
