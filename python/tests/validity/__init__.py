"""Joins with a validity window: the row that held at a time."""
