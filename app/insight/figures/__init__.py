"""Every figure has a name, and the name opens the rows that it is the sum or the mean of."""
