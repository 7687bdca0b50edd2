"""What-ifs with a name, kept and compared."""
