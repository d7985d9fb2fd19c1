"""Cloud Map: namespaces and services."""

from moto.ecs.models import ecs_backends
from moto.route53.models import route53_backends
from moto.servicediscovery.models import ServiceDiscoveryBackend
from moto.utilities.utils import get_partition

from server.framework import fail, wrap


def zones_of(backend):
    return route53_backends[backend.account_id][get_partition(backend.region_name)].zones


def ecs_services_of(backend):
    services = ecs_backends[backend.account_id][backend.region_name].services.values()
    return [service for service in services if service.status == "ACTIVE"]


def registries_of(service):
    return [registry["registryArn"] for registry in service.service_registries]


def connected_to(service):
    connections = [deployment.get("serviceConnectConfiguration") or {} for deployment in service.deployments]
    return [connection["namespace"] for connection in connections if connection.get("enabled")]


def apply():
    # moto gives the namespace's zone another name and no VPC, and returns its ID as a path.
    @wrap(ServiceDiscoveryBackend, "create_private_dns_namespace", "create_public_dns_namespace")
    def correct_zone(original, self, name, *args, **kwargs):
        before = set(zones_of(self))
        operation_id = original(self, name, *args, **kwargs)
        for zone_id in set(zones_of(self)) - before:
            zone = zones_of(self)[zone_id]
            zone.name = f"{name}."
            list(self.namespaces.values())[-1].dns_properties["HostedZoneId"] = zone_id
            if vpc := kwargs.get("vpc"):
                zone.add_vpc(vpc, self.region_name)
        return operation_id

    # moto forgets the zone with an update.
    @wrap(ServiceDiscoveryBackend, "update_private_dns_namespace", "update_public_dns_namespace")
    def keep_properties(original, self, _id, description, properties):
        kept = self.get_namespace(_id).dns_properties
        return original(self, _id, description, {**kept, **(properties or {})})

    # moto leaves the zone behind, and deletes namespaces and services that are in use.
    @wrap(ServiceDiscoveryBackend, "delete_namespace")
    def delete_zone(original, self, namespace_id):
        namespace = self.get_namespace(namespace_id)
        if users := [service.name for service in self.services.values() if service.namespace_id == namespace_id]:
            fail("ResourceInUse", f"Namespace {namespace_id} still contains services: {users}")
        # Service Connect registers a service in the namespace for each ECS service.
        if users := [service.name for service in ecs_services_of(self) if namespace.arn in connected_to(service)]:
            fail("ResourceInUse", f"Namespace {namespace_id} still contains services: {users}")
        zones_of(self).pop(namespace.dns_properties.get("HostedZoneId"), None)
        return original(self, namespace_id)

    # moto returns no type.
    @wrap(ServiceDiscoveryBackend, "create_service")
    def tell_type(original, self, *args, **kwargs):
        service = original(self, *args, **kwargs)
        namespace = self.get_namespace(service.namespace_id or service.dns_config["NamespaceId"])
        service.namespace_id = namespace.id
        service.service_type = "HTTP" if "HTTP" in (namespace.type, service.service_type) else "DNS_HTTP"
        return service

    @wrap(ServiceDiscoveryBackend, "delete_service")
    def refuse_with_instances(original, self, service_id):
        service = self.get_service(service_id)
        # ECS registers the tasks again that a client deregisters. https://github.com/aws/containers-roadmap/issues/1746
        registering = [user.name for user in ecs_services_of(self) if service.arn in registries_of(user)]
        if service.instances or registering:
            fail("ResourceInUse", f"Service {service_id} has registered instances")
        original(self, service_id)
