"""When a unit of a resource is open and what stands in its calendar; the bottom of the room, knows nothing of paying."""
