"""ECS services."""

from moto.ecs.responses import EC2ContainerServiceResponse

from server.framework import wrap

# Parameters that moto drops and the provider reads back: {parameter: attribute of the answer}.
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


def apply():
    # moto drops these parameters and never reaches a steady state; the provider compares the former, awaits the latter.
    @wrap(EC2ContainerServiceResponse, "create_service", "update_service")
    def keep_parameters(original, self):
        answer = original(self)
        service = answer.result["service"]
        for parameter, attribute in KEPT.items():
            if self._get_param(parameter) is not None:
                setattr(service, attribute, self._get_param(parameter))
        reach_steady_state(service)
        return answer


def reach_steady_state(service):
    """moto starts no tasks, and a deployment keeps its first task definition; wait_for_steady_state waits for both."""
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment.update(
            desiredCount=service.desired_count, runningCount=service.desired_count, pendingCount=0,
            taskDefinition=service.task_definition, rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {deployment['id']} completed.")
