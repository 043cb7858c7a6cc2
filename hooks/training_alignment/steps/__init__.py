"""Which files make up which step, and the graph of steps."""
