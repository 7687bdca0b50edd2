"""Places with a label: a code that opens the form without signing in, printed for a whole building."""
