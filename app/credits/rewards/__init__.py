"""Rewards: what credits buy, from the catalogue to the thing itself."""
