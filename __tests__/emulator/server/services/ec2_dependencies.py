"""What uses a subnet or an internet gateway: AWS deletes neither while a network interface or a public address uses it."""

from moto.awslambda.models import lambda_backends
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ecs.models import ecs_backends
from moto.elasticache.models import elasticache_backends
from moto.elbv2.models import elbv2_backends
from moto.rds.models import rds_backends

from server.framework import wrap


def apply():
    # https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html
    @wrap(EC2Backend, "delete_subnet")
    def refuse_used_subnet(original, self, subnet_id):
        if subnet_id in set(subnets_in_use(self)):
            raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
        return original(self, subnet_id)

    # https://github.com/hashicorp/terraform/issues/497
    @wrap(EC2Backend, "detach_internet_gateway")
    def refuse_used_gateway(original, self, internet_gateway_id, vpc_id):
        if vpc_id in set(vpcs_with_public_addresses(self)):
            raise DependencyViolationError(
                f"Network {vpc_id} has some mapped public address(es). "
                "Please unmap those public address(es) before detaching the gateway.")
        return original(self, internet_gateway_id, vpc_id)


def subnets_in_use(ec2):
    """The subnets of everything that has a network interface."""
    location = ec2.account_id, ec2.region_name
    yield from (gateway.subnet_id for gateway in existing(ec2.nat_gateways))
    for endpoint in existing(ec2.vpc_end_points):
        yield from endpoint.subnet_ids or []
    for balancer in members(backend_of(elbv2_backends, location).load_balancers):
        yield from (subnet.id for subnet in balancer.subnets)
    for network in networks_of_tasks(backend_of(ecs_backends, location)):
        yield from network["subnets"]
    for function in backend_of(lambda_backends, location).list_functions():
        yield from (function.vpc_config or {}).get("SubnetIds", [])
    yield from subnets_of_databases(backend_of(rds_backends, location))
    caches = backend_of(elasticache_backends, location)
    for group in members(caches.replication_groups):
        yield from caches.cache_subnet_groups[group.parameters["CacheSubnetGroupName"]].subnet_ids


def subnets_of_databases(rds):
    for instance in members(rds.databases):
        if group := getattr(instance, "db_subnet_group", None):
            yield from (subnet["SubnetIdentifier"] for subnet in group.subnets)
    for proxy in members(rds.db_proxies):
        yield from proxy.vpc_subnet_ids


def networks_of_tasks(ecs):
    for service in members(ecs.services):
        network = (service.network_configuration or {}).get("awsvpcConfiguration")
        if network and service.running_count and service.status == "ACTIVE":
            yield network


def vpcs_with_public_addresses(ec2):
    location = ec2.account_id, ec2.region_name
    interfaces = [address.eni for address in list(ec2.addresses) if address.eni and address.eni.id in ec2.enis]
    yield from (interface.subnet.vpc_id for interface in interfaces)
    for balancer in members(backend_of(elbv2_backends, location).load_balancers):
        if balancer.scheme == "internet-facing":
            yield balancer.vpc_id
    for network in networks_of_tasks(backend_of(ecs_backends, location)):
        if network.get("assignPublicIp") == "ENABLED":
            yield from (ec2.get_subnet(subnet).vpc_id for subnet in network["subnets"])


def existing(resources):
    return [resource for resource in members(resources) if resource.state != "deleted"]


def members(resources):
    """A copy: requests of other services change their resources meanwhile."""
    return list(resources.values())


def backend_of(backends, location):
    account, region = location
    return backends[account][region]
