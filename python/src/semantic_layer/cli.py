"""`python -m semantic_layer.cli`: questions to a folder of YAML files, for trying things out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from semantic_layer.catalog import Catalog
from semantic_layer.engine import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.loader import read_yaml
from semantic_layer.models import ResolvedPlan


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 1 after a message on standard error."""
    arguments = _parser().parse_args(argv)
    try:
        engine = _engine(arguments)
        if arguments.list_sources:
            print("\n".join(sorted(engine.sources)))
            return 0
        return _answer(engine, arguments)
    except ValueError as error:
        fix = getattr(error, "fix", None)
        print(f"{error}\n{fix}" if fix else str(error), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="semantic_layer")
    model = parser.add_mutually_exclusive_group(required=True)
    model.add_argument("--sources", "-s", metavar="DIR", help="folder of YAML files")
    model.add_argument("--model", metavar="FILE", help="one YAML file with a list of sources")
    parser.add_argument("--dialect", "-d", default="postgres", help="SQL dialect (postgres)")
    question = parser.add_mutually_exclusive_group()
    question.add_argument("--query", "-q", metavar="JSON", help="the query")
    question.add_argument("--json", action="store_true", help="read the query from stdin")
    parser.add_argument("--plan-only", action="store_true", help="print the plan, no SQL")
    parser.add_argument("--plan", action="store_true", help="print the plan before the SQL")
    parser.add_argument("--explain", action="store_true", help="print the plan in words, no SQL")
    parser.add_argument("--compact", action="store_true", help="leave out the dialect line")
    parser.add_argument("--list-sources", action="store_true", help="print the source names")
    parser.add_argument("--suggest", action="store_true", help="say what the model lacks")
    return parser


def _engine(arguments: argparse.Namespace) -> SemanticEngine:
    if arguments.sources:
        return SemanticEngine(arguments.sources, arguments.dialect)
    content = read_yaml(Path(arguments.model))
    if not isinstance(content, list):
        raise ValueError(f"{arguments.model}: the file must hold a list of sources.")
    return SemanticEngine.from_sources(Catalog.from_list(content), arguments.dialect)


def _answer(engine: SemanticEngine, arguments: argparse.Namespace) -> int:
    query = _query(arguments)
    if arguments.suggest:
        print(json.dumps(engine.suggest(query), indent=2))
        return 0
    if arguments.explain:
        print("\n".join(engine.explain(query).lines()))
        return 0
    plan = engine.plan_only(query)
    if arguments.plan or arguments.plan_only:
        print_plan(plan)
    if not arguments.plan_only:
        header = "" if arguments.compact else f"-- dialect: {engine.dialect}\n"
        print(f"{header}{engine.generator.generate(plan)}")
    return 0


def _query(arguments: argparse.Namespace) -> dict[str, Any]:
    text = sys.stdin.read() if arguments.json else arguments.query
    if not text:
        raise SemanticError("invalid_request", "No query given.", fix="Use --query or --json.")
    query = json.loads(text)
    if not isinstance(query, dict):
        raise SemanticError("invalid_request", "The query must be a JSON object.")
    return query


def print_plan(plan: ResolvedPlan) -> None:
    """Print what a plan reads and how, one fact a line."""
    print(f"sources: {', '.join(plan.sources_used)}")
    for path in plan.join_paths:
        print(f"join: {path}")
    print(f"anchor: {plan.anchor_source}")
    print(f"grain: {', '.join(plan.anchor_grain) or 'one row'}")
    print(plan.fan_out_description)
    for text in plan.where_filters:
        print(f"where: {text}")
    for text in plan.having_filters:
        print(f"having: {text}")
    for column in plan.columns:
        print(f"column: {column.name} = {column.expr} ({column.provenance})")


if __name__ == "__main__":
    sys.exit(main())
