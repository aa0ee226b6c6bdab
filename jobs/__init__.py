"""Carries a receipt through all stages, surviving crashes. Read flow.py first."""
