"""ECS services. Their tasks are only numbers, and addresses where a target group or Cloud Map lists them."""

from ipaddress import ip_network

from moto.ec2.models import ec2_backends
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import elbv2_backends
from moto.servicediscovery.models import servicediscovery_backends

from server.framework import fail, wrap

# Parameters that moto drops and the provider reads back: {parameter: attribute of the response}.
KEPT = {
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "deploymentConfiguration": "deployment_configuration",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "placementConstraints": "placement_constraints",
    "placementStrategy": "placement_strategy",
}

# AWS reserves the first addresses of every subnet. This is the maximum number of services of a region that share one here.
FIRST_ADDRESS, SERVICES = 10, 8


def apply():
    # moto drops these parameters and never reaches a steady state; the provider compares the former, awaits the latter.
    @wrap(EC2ContainerServiceResponse, "create_service", "update_service")
    def keep_parameters(original, self):
        refuse_quiet_change(self)
        former = deployed_task_definition(self)
        answer = original(self)
        service = answer.result["service"]
        roll_back_failed_deployment(self, service, former)
        for parameter, attribute in KEPT.items():
            if self._get_param(parameter) is not None:
                setattr(service, attribute, self._get_param(parameter))
        choose_capacity(service, self)
        if connection := self._get_param("serviceConnectConfiguration"):
            for deployment in service.deployments:
                deployment["serviceConnectConfiguration"] = connection
        reach_steady_state(service)
        return answer

    @wrap(EC2ContainerServiceBackend, "delete_service")
    def deregister_tasks(original, self, *args, **kwargs):
        service = original(self, *args, **kwargs)
        register_tasks(service, 0)
        return service


def service_before(response):
    """The service that an update names, as it was."""
    found, _ = response.ecs_backend.describe_services(response._get_param("cluster", "default"), [response._get_param("service")])
    return found[0] if found else None


def refuse_quiet_change(response):
    """moto lets a service change where its tasks run without replacing them."""
    if response._get_action() != "UpdateService" or response._get_param("forceNewDeployment"):
        return
    strategy, service = response._get_param("capacityProviderStrategy"), service_before(response)
    if strategy is not None and service and strategy != getattr(service, "capacity_provider_strategy", None):
        fail("InvalidParameterException",
             "When switching from launch type to capacity provider strategy on an existing service, or making a change "
             "to a capacity provider strategy on a service that is already using one, you must force a new deployment.")


def deployed_task_definition(response):
    """The task definition of a service before an update."""
    if response._get_action() != "UpdateService":
        return None
    service = service_before(response)
    return service.task_definition if service else None


def roll_back_failed_deployment(response, service, former):
    """Tasks of an image whose tag starts with `broken` do not start. The circuit breaker returns to the last deployment that completed.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html"""
    deployed = response.ecs_backend.describe_task_definition(service.task_definition)
    if former and any(":broken" in container["image"] for container in deployed.container_definitions):
        service.task_definition = former


def choose_capacity(service, response):
    """moto gives every service a launch type; AWS none to one with a strategy, its own or else the cluster's."""
    strategy = getattr(service, "capacity_provider_strategy", None)
    if not strategy and response._get_action() == "CreateService" and not response._get_param("launchType"):
        cluster = response.ecs_backend._get_cluster(service.cluster_name)
        strategy = service.capacity_provider_strategy = cluster.default_capacity_provider_strategy
    if strategy:
        service.launch_type = None
        for deployment in service.deployments:
            deployment.update(launchType=None, capacityProviderStrategy=strategy)


def reach_steady_state(service):
    """moto starts no tasks, and a deployment has its first task definition forever; wait_for_steady_state waits for both."""
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment.update(
            desiredCount=service.desired_count, runningCount=service.desired_count, pendingCount=0,
            taskDefinition=service.task_definition, rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {deployment['id']} completed.")
    register_tasks(service, service.desired_count)


def register_tasks(service, count):
    """List that many tasks, and no others, in the service's target groups and its Cloud Map services."""
    addresses = addresses_of(service, count)
    account, region = service._account_id, service.region_name
    for balancer in service.load_balancers:
        group = elbv2_backends[account][region].target_groups.get(balancer.get("targetGroupArn"))
        if group:
            group.targets.clear()
            group.register([{"Id": address, "Port": balancer["containerPort"]} for address in addresses])
    for registry in service.service_registries:
        registered = servicediscovery_backends[account][region].services.get(registry["registryArn"].rsplit("/", 1)[1])
        if registered:
            registered.instances.clear()
            for address in addresses:
                servicediscovery_backends[account][region].register_instance(
                    registered.id, address.replace(".", "-"), None, {"AWS_INSTANCE_IPV4": address})


def addresses_of(service, count):
    """An address for each task, in turn in the service's subnets."""
    network = (service.network_configuration or {}).get("awsvpcConfiguration")
    if not network:
        return []
    ec2 = ec2_backends[service._account_id][service.region_name]
    blocks = [ip_network(ec2.get_subnet(subnet).cidr_block) for subnet in network["subnets"]]
    first = FIRST_ADDRESS + list(service._backend.services.values()).index(service) % SERVICES
    return [str(blocks[task % len(blocks)][first + SERVICES * (task // len(blocks))]) for task in range(count)]
