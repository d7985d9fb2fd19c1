"""Route 53 health checks."""

from moto.route53.models import HealthCheck
from moto.route53.responses import Route53

from server.framework import wrap, wrap_property

OF_EVERY_TYPE = ("Type", "Inverted", "Disabled")
OF_AN_ALARM = ("AlarmIdentifier", "InsufficientDataHealthStatus")


def apply():
    # moto drops the alarm that a CLOUDWATCH_METRIC check watches.
    @wrap(Route53, "create_health_check", "update_health_check")
    def keep_alarm(original, self):
        answer = original(self)
        requested = self.params.get("HealthCheckConfig", self.params)
        alarm = vars(answer.result["HealthCheck"]).setdefault("emulator_alarm", {})
        alarm.update({field: requested[field] for field in OF_AN_ALARM if requested.get(field)})
        return answer

    # moto gives such a check an endpoint's port and interval, which for Terraform means replacement.
    @wrap_property(HealthCheck, "health_check_config")
    def only_fields_of_its_type(config, check):
        if check.type_ != "CLOUDWATCH_METRIC":
            return config
        return {field: config[field] for field in OF_EVERY_TYPE} | check.emulator_alarm
