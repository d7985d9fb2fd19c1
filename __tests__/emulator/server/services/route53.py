"""Route 53 health checks and records."""

from moto.route53.exceptions import ResourceRecordAlreadyExists
from moto.route53.models import HealthCheck, Route53Backend
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

    # moto empties the lists that an update does not mention; the provider sends only what changes.
    @wrap(Route53Backend, "update_health_check")
    def keep_unmentioned_lists(original, self, health_check_id, health_check_args):
        mentioned = {name: value for name, value in health_check_args.items() if value != []}
        return original(self, health_check_id, mentioned)

    # moto rejects the creation of a record only when the same change was made before and any record of the name exists,
    # regardless of its set identifier; AWS rejects exactly the record that exists.
    @wrap(Route53Backend, "change_resource_record_sets")
    def refuse_what_exists(original, self, zoneid, change_list):
        zone = self.get_hosted_zone(zoneid)
        existing = {identity(record.name, record.type, record.set_identifier) for record in zone.rrsets}
        for change in (change for change in change_list if change["Action"] == "CREATE"):
            created = identity_of(change)
            if created in existing:
                raise ResourceRecordAlreadyExists(name=created[0] + ".", _type=created[1])
            zone.rr_changes[:] = [past for past in zone.rr_changes if past["Action"] != "CREATE" or identity_of(past) != created]
        return keep_other_names(zone, change_list, lambda: original(self, zoneid, change_list))


def keep_other_names(zone, change_list, change):
    """moto deletes every record with the set identifier of a deleted one, whatever its name."""
    deleted = {identity_of(requested) for requested in change_list if requested["Action"] == "DELETE"}
    before = list(zone.rrsets)
    answer = change()
    present = {identity(record.name, record.type, record.set_identifier) for record in zone.rrsets}
    kept = deleted | present
    zone.rrsets += [record for record in before if identity(record.name, record.type, record.set_identifier) not in kept]
    return answer


def identity_of(change):
    record = change["ResourceRecordSet"]
    return identity(record["Name"], record["Type"], record.get("SetIdentifier"))


def identity(name, record_type, set_identifier):
    return name.rstrip("."), record_type, set_identifier
