"""SQL as text and as trees: reading it, what may not be in it, and writing it as it stood."""
