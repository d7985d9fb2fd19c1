"""CloudWatch: alarms, and the metrics of RDS that functions read."""

import re
from datetime import datetime, timedelta, timezone

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.rds.models import rds_backends

from server.framework import fail, operation, wrap
from server.unreachable import is_unreachable

SUPPRESSION = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


def apply():
    # moto describes composite alarms (those with a rule) but has no operation that creates one.
    @operation(CloudWatchResponse, "PutCompositeAlarm")
    def put_composite_alarm(response, request):
        backend, name = response.cloudwatch_backend, request["AlarmName"]
        if unknown := sorted(alarms_in(request["AlarmRule"]) - set(backend.alarms)):
            fail("ValidationError", f"Could not save the composite alarm as alarms {unknown} in the alarm rule do not exist")
        if (suppressor := request.get("ActionsSuppressor")) and suppressor not in backend.alarms:
            fail("ValidationError", f"Could not save the composite alarm as its suppressor {suppressor} does not exist")
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

    # moto deletes alarms that composite alarms name. https://github.com/hashicorp/terraform-provider-aws/issues/34807
    @wrap(CloudWatchBackend, "delete_alarms")
    def refuse_named(original, self, alarm_names):
        remaining = [alarm for name, alarm in self.alarms.items() if name not in alarm_names and alarm.rule]
        for name in alarm_names:
            # AWS does not document whether it deletes a suppressor: the emulator is strict.
            if any(name in alarms_in(alarm.rule) or name == alarm.ActionsSuppressor for alarm in remaining):
                fail("ValidationError", f"Cannot delete {name} as there are composite alarm(s) depending on it.")
        return original(self, alarm_names)

    # moto has no metrics of other services.
    @operation(CloudWatchResponse, "GetMetricStatistics")
    def get_metric_statistics(response, request):
        dimensions = {dimension["Name"]: dimension["Value"] for dimension in request.get("Dimensions", [])}
        clusters = rds_backends[response.current_account][response.region].clusters
        cluster = clusters.get(dimensions.get("DBClusterIdentifier"))
        value = metric_of(cluster, request["MetricName"]) if cluster else None
        if value is None:
            return {"Label": request["MetricName"], "Datapoints": []}
        minute_ago = datetime.now(timezone.utc) - timedelta(minutes=1)
        point = {statistic: value for statistic in request.get("Statistics", [])}
        return {"Label": request["MetricName"], "Datapoints": [{"Timestamp": minute_ago, **point}]}


def alarms_in(rule):
    return set(re.findall(r'(?:ALARM|OK|INSUFFICIENT_DATA)\("?([^")]+)"?\)', rule))


def metric_of(cluster, name):
    """A secondary reports its lag while the region of the primary responds, a writer its uptime."""
    source = cluster.replication_source_identifier
    if name == "AuroraGlobalDBReplicationLag" and source and not is_unreachable(source.split(":")[3]):
        return 100.0
    if name == "EngineUptime" and not source:
        return 86400.0
    return None
