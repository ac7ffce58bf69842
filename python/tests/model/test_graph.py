"""The join graph as Python callers read it."""

from __future__ import annotations

from semantic_layer.graph.join_graph import JoinGraph
from support.shop import model


def test_a_path_tells_its_nodes_edges_and_whether_it_multiplies_rows() -> None:
    graph = JoinGraph(model()).build()
    path, back = graph.find_path("orders", "regions"), graph.find_path("regions", "orders")
    assert path is not None
    assert back is not None
    assert path.source_names() == ["orders", "customers", "regions"]
    assert [(edge.from_column, edge.to_column) for edge in path.edges] == [
        ("customer_id", "id"),
        ("region_id", "id"),
    ]
    assert path.has_one_to_many is False
    assert path.is_ambiguous is False
    assert back.has_one_to_many is True


def test_a_tree_spans_what_is_asked_for() -> None:
    tree = JoinGraph(model()).build().resolve_join_tree({"orders", "regions"})
    assert set(tree.source_names()) == {"orders", "customers", "regions"}
    assert len(tree.edges) == 2
