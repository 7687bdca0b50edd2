"""What the park keeps of an organisation: who may change which fact, what takes effect when, and the page of it all."""
