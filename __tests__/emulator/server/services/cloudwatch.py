"""CloudWatch alarms."""

from moto.cloudwatch.responses import CloudWatchResponse

from server.framework import operation

SUPPRESSION = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


def apply():
    # moto describes composite alarms (those with a rule) but has no operation that creates one.
    @operation(CloudWatchResponse, "PutCompositeAlarm")
    def put_composite_alarm(response, request):
        backend, name = response.cloudwatch_backend, request["AlarmName"]
        previous = backend.alarms.get(name)
        alarm = backend.put_metric_alarm(
            name=name, rule=request["AlarmRule"], description=request.get("AlarmDescription"), tags=request.get("Tags"),
            alarm_actions=request.get("AlarmActions", []), ok_actions=request.get("OKActions", []),
            insufficient_data_actions=request.get("InsufficientDataActions", []),
            actions_enabled=request.get("ActionsEnabled", True),
            namespace=None, metric_name=None, comparison_operator=None, evaluation_periods=None,
            period=None, threshold=None, statistic=None, dimensions=[])
        for attribute in SUPPRESSION:
            setattr(alarm, attribute, request.get(attribute))
        if previous:
            alarm.state_value = previous.state_value
