"""Step Functions: state machines."""

import json

from moto.stepfunctions.responses import StepFunctionResponse

from server.framework import operation, wrap

# The states that end an execution or choose the next state by other fields.
WITHOUT_NEXT = ("Choice", "Succeed", "Fail")


def apply():
    # moto has no such operation; the provider validates every definition, in the plan already.
    @operation(StepFunctionResponse, "ValidateStateMachineDefinition")
    def validate(response, request):
        errors = errors_of(request["definition"])
        return {
            "result": "FAIL" if errors else "OK",
            "diagnostics": [
                {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": error} for error in errors],
        }

    # moto takes every state machine for a standard one; the provider would replace an express one with every apply.
    @wrap(StepFunctionResponse, "create_state_machine")
    def keep_type(original, self):
        answer = original(self)
        machine = self.stepfunction_backend.describe_state_machine(answer.result["stateMachineArn"])
        machine.type = machine.sm_type = self._get_param("type") or "STANDARD"
        return answer

    # moto stores versions but cannot list them; the provider lists them with every read.
    @operation(StepFunctionResponse, "ListStateMachineVersions")
    def list_versions(response, request):
        machine = response.stepfunction_backend.describe_state_machine(request["stateMachineArn"])
        newest_first = sorted(machine.versions.values(), key=lambda version: -version.version)
        return {"stateMachineVersions": [
            {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date} for version in newest_first]}


def errors_of(text):
    """Errors in a definition's structure: states that do not exist, have no next state or are never reached."""
    try:
        return errors_in_states(json.loads(text), "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return [repr(error)]


def errors_in_states(machine, path):
    states, start = machine["States"], machine["StartAt"]
    errors = [f"{path}{name}: no state transitions to it" for name in states if name not in {start, *all_targets(states)}]
    if start not in states:
        errors.append(f"{path}StartAt: no state {start}")
    for name, definition in states.items():
        errors += errors_in_state(definition, states, f"{path}{name}: ")
        for inner in machines_in(definition):
            errors += errors_in_states(inner, f"{path}{name}/")
    return errors


def errors_in_state(definition, states, path):
    errors = [f"{path}no state {target}" for target in targets_of(definition) if target not in states]
    if definition["Type"] not in WITHOUT_NEXT and not (definition.get("Next") or definition.get("End")):
        errors.append(f"{path}neither Next nor End")
    return errors


def targets_of(definition):
    branches = [definition, *definition.get("Choices", []), *definition.get("Catch", [])]
    return [branch[key] for branch in branches for key in ("Next", "Default") if key in branch]


def all_targets(states):
    return {target for definition in states.values() for target in targets_of(definition)}


def machines_in(definition):
    """The machines inside a Parallel or a Map state."""
    inner = [definition.get("ItemProcessor"), definition.get("Iterator")]
    return [*definition.get("Branches", []), *(machine for machine in inner if machine)]
