"""Machines of a firm: what they are, their parts, papers and photographs, the label that opens their log."""
