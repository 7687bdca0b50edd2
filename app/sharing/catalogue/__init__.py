"""What is shared: listed, searched, priced, with files, units and special days."""
