"""One message per policy version and firm, in working hours; a no is a no for 90 days."""
