"""One case in the one queue, with its register number."""
