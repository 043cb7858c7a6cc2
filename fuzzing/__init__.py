"""The fuzz lane: generated and mutated programs and repositories, and the checks on what the tool does with them."""
