"""Local embeddings: texts to vectors of all-MiniLM-L6-v2, on this machine and without a network."""
