"""A firm gets onto the chain without a file: it says what it makes, an officer confirms or asks back."""
