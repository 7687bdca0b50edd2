"""One page per weak link: what could fill it."""
