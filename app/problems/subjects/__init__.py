"""What a problem is about beyond its place: a segment, a resource, a machine to mend, a service nobody offers."""
