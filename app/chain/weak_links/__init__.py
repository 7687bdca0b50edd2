"""Where the chain is weak: labels, marks and a ranking that explains itself."""
