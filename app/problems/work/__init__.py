"""Who answers for a problem, where it is sent, what it repeats, when its people must meet."""
