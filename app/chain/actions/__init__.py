"""What is done about a weak link, from plan to relief."""
