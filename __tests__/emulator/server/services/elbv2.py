"""Elastic Load Balancing: targets."""

from moto.elbv2.models import FakeTargetGroup

from server.delivery import Undeliverable, require_invocable
from server.framework import fail, wrap

LOAD_BALANCING = "elasticloadbalancing.amazonaws.com"


def apply():
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
