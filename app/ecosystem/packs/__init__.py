"""What a firm that has not arrived yet already gets, by secret link."""
