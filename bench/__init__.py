"""Measurements: accuracy by channel and kind, and speed against a peer in the same run."""
