"""What came of the problems: shares, means, medians, worst and late by class."""
