"""From a logical plan to the tree of one statement, one part of it a module."""
