"""Elastic Load Balancing: load balancers and their targets."""

from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup

from server.delivery import Undeliverable, require_invocable
from server.framework import fail, wrap

LOAD_BALANCING = "elasticloadbalancing.amazonaws.com"


def apply():
    # moto leaves the scheme empty when the request does, and returns no cross-zone attribute of a load balancer.
    @wrap(FakeLoadBalancer, "__init__")
    def know_defaults(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.scheme = self.scheme or "internet-facing"
        if self.type == "application":
            self.attrs["load_balancing.cross_zone.enabled"] = "true"

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
