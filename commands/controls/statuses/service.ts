import { type ControlStatus, met } from "../status";
import { ANY, every, everyWhere } from "../check";
import { hasDifferent, is, isNot, isSet, names, neverReads, reads, related } from "../expectation";

/** The container definitions are text in HCL syntax: `"name" = value`. */
const CONTAINERS = "container_definitions";

/** ECS tasks on Fargate, and Lambda functions. */
export const SERVICE: readonly ControlStatus[] = [
  met(["ECR.1"], [every("aws_ecr_repository", is("image_scanning_configuration.scan_on_push", true))]),
  met(["ECR.2"], [every("aws_ecr_repository", is("image_tag_mutability", "IMMUTABLE"))]),
  met(["ECR.3"], [every("aws_ecr_repository", related("aws_ecr_lifecycle_policy", "repository"))]),
  met(["ECS.1"], [every("aws_ecs_task_definition", is("network_mode", "awsvpc"), is("requires_compatibilities", "FARGATE"))]),
  met(["ECS.2"], [every("aws_ecs_service", is("network_configuration.assign_public_ip", false))]),
  met(["ECS.3", "ecs_task_definition_no_host_pid_mode"], [every("aws_ecs_task_definition", isNot("pid_mode", "host"))]),
  met(
    ["ECS.4", "ecs_task_definition_container_non_privileged"],
    [every("aws_ecs_task_definition", neverReads(CONTAINERS, /"privileged" = true/, "has no `privileged`", '"privileged" = true'))],
    "Fargate has no privileged containers.",
  ),
  met(
    ["ecs_task_definition_no_root_user"],
    [every("aws_ecs_task_definition", reads(CONTAINERS, /"user" = "[1-9]\d*:[1-9]\d*"/, "has a numeric `user` that is not 0"))],
  ),
  met(
    ["ECS.5", "ecs_task_definition_container_readonly_root_filesystem"],
    [every("aws_ecs_task_definition", reads(CONTAINERS, /"readonlyRootFilesystem" = true/, "has `readonlyRootFilesystem`"))],
    "Unless `service.readonly_root_filesystem` is `false`.",
  ),
  met(
    ["ECS.8", "ecs_task_definition_container_environment_no_secret"],
    [
      every(
        "aws_ecs_task_definition",
        neverReads(
          CONTAINERS,
          /"name" = "\w*(PASSWORD|SECRET|TOKEN|ACCESS_KEY|AUTH_DATA)\w*", "value" =/,
          "has no secret as a value",
          '{"name" = "AWS_SECRET_ACCESS_KEY", "value" = "planted"}',
        ),
        reads(CONTAINERS, /"secrets" = \[\{"name" = "\w+", "valueFrom" = /, "has parameters and secrets in `secrets`"),
      ),
    ],
    "The values in `task_environment` are your responsibility.",
  ),
  met(
    ["ECS.9", "ecs_task_definition_logging_enabled"],
    [every("aws_ecs_task_definition", reads(CONTAINERS, /"logConfiguration" = \{"logDriver" = "awslogs"/, "has a `logConfiguration`"))],
  ),
  met(
    ["ECS.10", "ecs_service_fargate_using_latest_platform_version"],
    [every("aws_ecs_service", is("platform_version", "1.4.0", "LATEST"))],
    "1.4.0 is the latest version for Linux.",
  ),
  met(["ECS.12"], [every("aws_ecs_cluster", names("setting", "containerInsights", "enhanced"))]),
  met(
    ["Lambda.1", "lambda_function_restrict_public_access"],
    [every("aws_lambda_permission", isNot("principal", "*"), isSet("source_arn"))],
  ),
  met(
    ["Lambda.2", "lambda_function_use_latest_runtime"],
    [every("aws_lambda_function", is("runtime", "nodejs22.x"))],
    "The latest runtime that the pinned Terraform provider accepts; AWS supports it until April 2027.",
  ),
  met(
    ["Lambda.5"],
    [everyWhere("aws_lambda_function", { vpc_config: ANY }, hasDifferent("vpc_config.subnet_ids", 2))],
    "Applies with `validation.in_vpc = true`.",
  ),
];
