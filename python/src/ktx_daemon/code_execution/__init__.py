"""The operation `code-execute`: Python code of the request, run beside this process.

It is off unless whoever starts the process allows it: the code has the rights of this user. The
limits are against accidents; they are no sandbox.
"""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any

from ktx_daemon.code_execution.child import create_scratchpad_helpers as create_scratchpad_helpers
from ktx_daemon.code_execution.child import detect_visualizations as detect_visualizations
from ktx_daemon.code_execution.child import dumps_numpy_json as dumps_numpy_json
from ktx_daemon.code_execution.process import Limits, run_in_child
from ktx_daemon.requests import checked
from semantic_layer.data.model import Model


class ExecuteCodeRequest(Model):
    """Code to run; the ids are the caller's own and change nothing."""

    code: str
    source_id: str | None = None
    message_id: str | None = None


class Visualization(Model):
    """Data that the code wants to be shown; `vis_type` as in `child.VIS_TYPES`."""

    type: str
    vis_type: str
    config: dict[str, Any]
    data: Any
    title: str | None


class ExecuteCodeResponse(Model):
    """What the code left behind: its result as JSON and as text, or the error that ended it."""

    formatted_result: str | None
    result: Any
    console_output: str
    error: str | None
    message: str
    visualizations: list[Visualization] | None


def code_execute(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `code-execute`."""
    return execute_code_response(checked(ExecuteCodeRequest, request)).model_dump()


def execute_code_response(
    request: ExecuteCodeRequest, limits: Limits | None = None
) -> ExecuteCodeResponse:
    """Run the code in a process of its own; the response says what goes wrong there."""
    outcome = run_in_child(request.code, limits or Limits())
    fields = outcome.fields
    if fields is None or outcome.ended:
        message = f"The code {outcome.ended or 'ended before it had a result'}."
        fields = {"result": None, "formatted_result": None, "visualizations": None}
        fields["error"] = message
    elif fields["error"] is not None:
        message = f"The code failed: {fields['error'].splitlines()[-1]}"
    else:
        message = "The code ran."
    return ExecuteCodeResponse.model_validate(
        {**fields, "console_output": outcome.console, "message": message}
    )
