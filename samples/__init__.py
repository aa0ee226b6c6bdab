"""Synthetic people, filled forms and ugly post, made from a seed."""
