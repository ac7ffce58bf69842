"""From the names of a question to a logical plan, one pass a module."""
