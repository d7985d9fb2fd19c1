"""Route 53 health checks and records."""

from moto.route53.exceptions import ResourceRecordAlreadyExists
from moto.route53.models import HealthCheck, Route53Backend
from moto.route53.responses import Route53

from server.framework import fail, wrap, wrap_property

OF_EVERY_TYPE = ("Type", "Inverted", "Disabled")
OF_AN_ALARM = ("AlarmIdentifier", "InsufficientDataHealthStatus")

# {field of a record that marks its routing policy: the policy}
POLICIES = {
    "failover": "failover", "geolocation": "geolocation", "multivalueanswer": "multivalue", "region": "latency",
    "weight": "weighted",
}


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
        refuse_mixed_policies(zone, change_list)
        return keep_other_names(zone, change_list, lambda: original(self, zoneid, change_list))


def refuse_mixed_policies(zone, change_list):
    """moto stores records of one name and type with several routing policies, as no zone of AWS can have.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (Failover, Weight, Region, GeoLocation)
    The texts: https://github.com/hashicorp/terraform-provider-aws/issues/1852
    and https://github.com/chef-boneyard/route53/issues/100
    """
    policies = {
        identity(record.name, record.type, record.set_identifier): policy_of(vars(record)) for record in zone.rrsets}
    for change in change_list:
        if change["Action"] == "DELETE":
            policies.pop(identity_of(change), None)
        else:
            policies[identity_of(change)] = policy_of(change["ResourceRecordSet"])
    for change in (change for change in change_list if change["Action"] != "DELETE"):
        name, record_type, set_identifier = created = identity_of(change)
        of_same_name = {policy for (*key, _), policy in policies.items() if key == [name, record_type]}
        if len(of_same_name) > 1:
            policy = policies[created]
            reason = f", SetIdentifier {set_identifier} cannot be created as a non-{policy} set exists" if policy else (
                " cannot be created as other RRSets exist")
            fail("InvalidChangeBatch", f"[RRSet with DNS name {name}., type {record_type}{reason} with the same name and type.]")


def policy_of(fields):
    """The routing policy of a record, stored or in a request; empty for a simple record."""
    given = (POLICIES.get(name.replace("_", "").lower()) for name, value in fields.items() if value is not None)
    return next(filter(None, given), "")


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
