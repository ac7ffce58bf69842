"""The join graph: which source can look up which, and by what condition.

`semantic_layer.graph` is a promised import path: clients find the graph and its parts here.
"""

from semantic_layer.graph.edges import Declaration, JoinEdge, JoinPath
from semantic_layer.graph.join_graph import JoinGraph

__all__ = ["Declaration", "JoinEdge", "JoinGraph", "JoinPath"]
