"""EC2: networking."""

import inspect

from moto.ec2.models import EC2Backend
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.network_acls import NetworkACLs

from server.framework import wrap


def apply():
    # moto forgets a rule's description when its peer is a prefix list, and looks for it only in the CIDR.
    @wrap(SecurityGroupRule, "__init__")
    def keep_peer(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        arguments = inspect.signature(original).bind(self, *args, **kwargs).arguments
        self.emulator_prefix_list = arguments.get("prefix_list_id") or {}

    SecurityGroupRule.description = property(description_of_rule)

    # moto leaves the network interface of a deleted NAT gateway behind.
    @wrap(EC2Backend, "delete_nat_gateway")
    def delete_interface(original, self, nat_gateway_id):
        gateway = original(self, nat_gateway_id)
        self.enis.pop(gateway._eni.id, None)
        return gateway

    # moto reads the type and the code of ICMP under another name than that of the request.
    @wrap(NetworkACLs, "create_network_acl_entry", "replace_network_acl_entry")
    def keep_icmp(original, self):
        answer = original(self)
        icmp = self._get_param("IcmpTypeCode") or {}
        for entry in self.ec2_backend.network_acls[self._get_param("NetworkAclId")].network_acl_entries:
            if str(entry.rule_number) == str(self._get_param("RuleNumber")) and is_true(entry.egress) == is_true(self._get_param("Egress")):
                entry.icmp_type, entry.icmp_code = icmp.get("Type"), icmp.get("Code")
        return answer

    # moto lacks this filter.
    @wrap(RouteTable, "get_filter_value")
    def filter_by_prefix_list(original, self, filter_name, method_name=None):
        if filter_name == "route.destination-prefix-list-id":
            return [route.destination_prefix_list_id for route in self.routes if route.destination_prefix_list_id]
        return original(self, filter_name, method_name)

    # moto leaves the default network ACL of a deleted VPC behind.
    @wrap(EC2Backend, "delete_vpc")
    def delete_network_acls(original, self, vpc_id):
        vpc = original(self, vpc_id)
        for acl_id in [acl_id for acl_id, acl in self.network_acls.items() if acl.vpc_id == vpc_id]:
            del self.network_acls[acl_id]
        return vpc


def is_true(value):
    return str(value).lower() == "true"


def description_of_rule(rule):
    peers = (rule.ip_range, rule.source_group, rule.emulator_prefix_list)
    return next((peer["Description"] for peer in peers if peer.get("Description")), None)
