"""Propose a definition for a blank that somebody else drew, from what stands on its sheets."""
