"""When instruments stand still: declared by their owners, or kept by a work order of upkeep."""
