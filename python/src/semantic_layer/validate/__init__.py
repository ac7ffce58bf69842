"""Checking a whole model: everything that would make a query fail or answer wrongly."""
