"""What the credits room asks of policies when a reward stands on one."""
