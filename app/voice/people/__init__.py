"""Who visits: years of service, ties, training, weeks at firms."""
