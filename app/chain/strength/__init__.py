"""How strong each segment is and where it stands in the chain."""
