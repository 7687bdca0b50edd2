"""What a hostile or careless caller meets: wrong input, other people's data, retries, forged files."""
