"""Elastic Load Balancing: load balancers and their targets."""

import ipaddress

from moto.elbv2.models import FakeHealthStatus, FakeLoadBalancer, FakeTargetGroup

from server.delivery import Undeliverable, require_invocable
from server.framework import fail, wrap, wrap_property

LOAD_BALANCING = "elasticloadbalancing.amazonaws.com"


def apply():
    # moto leaves the scheme empty when the request does, and returns no cross-zone attribute of a load balancer.
    @wrap(FakeLoadBalancer, "__init__")
    def know_defaults(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.scheme = self.scheme or "internet-facing"
        if self.type == "application":
            self.attrs["load_balancing.cross_zone.enabled"] = "true"
        if self.scheme == "internet-facing":
            require_internet_gateway(self)

    # moto returns no zone of a target. AWS finds that of an address by its subnet.
    @wrap(FakeTargetGroup, "health_for")
    def know_zone(original, self, target, ec2_backend):
        health = original(self, target, ec2_backend)
        health.zone = zone_of(target["Id"], self.vpc_id, ec2_backend) if self.target_type == "ip" else None
        return health

    @wrap_property(FakeHealthStatus, "target")
    def add_zone(target, self):
        return target | ({"AvailabilityZone": self.zone} if self.zone else {})

    # moto registers functions that the load balancer may not invoke.
    @wrap(FakeTargetGroup, "register")
    def refuse_forbidden(original, self, targets):
        for target in targets if self.target_type == "lambda" else []:
            try:
                require_invocable(target["Id"], LOAD_BALANCING, self.arn)
            except Undeliverable as error:
                if error.code == "NO_RESOURCE":
                    fail("InvalidTarget", f"The following targets do not exist: {target['Id']}")
                fail("AccessDenied",
                     f"elasticloadbalancing principal does not have permission to invoke {target['Id']} "
                     f"from target group {self.arn}")
        original(self, targets)


def zone_of(address, vpc_id, ec2_backend):
    """The zone of the subnet with an address. None for an address outside of the VPC."""
    zones = (
        subnet.availability_zone for zone in ec2_backend.subnets.values() for subnet in zone.values()
        if subnet.vpc_id == vpc_id and ipaddress.ip_address(address) in subnet.cidr)
    return next(zones, None)


def require_internet_gateway(balancer):
    """moto does not look for one: https://github.com/aws-cloudformation/aws-cloudformation-templates/issues/75"""
    gateways = balancer.subnets[0].ec2_backend.internet_gateways.values()
    if not any(gateway.vpc and gateway.vpc.id == balancer.vpc_id for gateway in gateways):
        fail("InvalidSubnet", f"VPC {balancer.vpc_id} has no internet gateway")
