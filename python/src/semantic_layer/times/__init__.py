"""Times: in which zone they are cut, how columns keep them, and what may be said about them."""
