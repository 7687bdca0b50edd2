"""Two sides on their way: one owner, a next step, notes; silent ones show as stalled."""
