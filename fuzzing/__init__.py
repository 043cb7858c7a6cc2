"""The fuzz lane: made and mutated programs and repositories, and what may never come of checking them."""
