"""One firm of the chain on one page, and its own say on its position."""
