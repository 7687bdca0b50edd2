"""Tea talks and activities: whom to invite so that the silent are heard."""
