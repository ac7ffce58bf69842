"""What a model says of its metrics: measures made of measures of several sources.

They belong to no source. In a request they stand among the sources, as an entry of their own that
is called `metrics`; in a project, in the files of the folder `_metrics`.
"""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any, Literal

from semantic_layer.data.model import Model
from semantic_layer.measure_definition import MeasureDefinition

METRICS = "metrics"
"""What stands before a metric's name where a source stands before a measure's."""


class MetricInput(Model):
    """A measure as a metric takes it: with rows of its own, or of an earlier time.

    `offset` is a duration, `1 year`, or a grain, `year`: as the call `offset(…, '1 year')` has it.
    """

    of: str
    filter: str | None = None
    offset: str | None = None

    @property
    def text(self) -> str:
        """The expression that it stands for."""
        return f"offset({self.of}, '{self.offset}')" if self.offset is not None else self.of

    @property
    def is_plain(self) -> bool:
        """Whether it is the measure, under another name."""
        return self.filter is None and self.offset is None


class MetricDefinition(MeasureDefinition):
    """Arithmetic over measures of any source and over metrics, or one of them over time.

    `inputs` are names for measures that only its `expr` knows. A `filter` restricts the rows of
    each measure that it is made of.
    """

    inputs: dict[str, str | MetricInput] = {}

    def check_consistency(self) -> None:
        """Check that it says nothing that only rows of one source have."""
        MeasureDefinition.check_kinds(self, "metric")
        for name in ("segments", "non_additive", "time_dimension"):
            if getattr(self, name):
                raise ValueError(
                    f"metric '{self.name}': '{name}' is said of a measure, which has rows; "
                    "a metric has none"
                )

    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """Return the fields as plain JSON values; no `inputs` have no key."""
        dumped = super().model_dump(exclude_none=exclude_none)
        del dumped["segments"]
        if not self.inputs:
            del dumped["inputs"]
        return dumped

    def input(self, name: str) -> MetricInput:
        """Return one of its inputs."""
        found = self.inputs[name]
        return MetricInput(of=found) if isinstance(found, str) else found


class MetricsDefinition(Model):
    """All metrics of a model."""

    name: Literal["metrics"]
    kind: Literal["metrics"]
    measures: list[MetricDefinition]


def are_metrics(raw: object) -> bool:
    """Whether an entry of a request's sources is the model's metrics."""
    if isinstance(raw, dict):
        return raw.get("kind") == METRICS and raw.get("name") == METRICS
    return isinstance(raw, MetricsDefinition)
