"""How firmly each firm is tied into the park: its confirmed links to others here, those at risk first."""
