"""Something came in, and is safe: the stage that hands on a Receipt and its Documents."""
