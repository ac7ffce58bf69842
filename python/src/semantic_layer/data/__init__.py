"""Classes from annotated fields: `Record` inside the planner, `Model` for what comes in."""
