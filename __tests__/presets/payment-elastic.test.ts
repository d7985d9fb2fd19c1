import { describe, expect, it } from "@jest/globals";
import { ZONES } from "../support/config";
import { list, services, statements } from "../support/policies";
import { Preset } from "../support/preset";
import { firstColumn } from "../support/pages";
import { parameterArn, type Resource, target } from "../support/synthesized";
import { subnetsOf } from "../support/traffic";

const { stacks, region } = new Preset("payment-elastic");
/** What a role may do, of every policy that it has. */
const actionsOf = (role: string): string[] =>
  statements(region)
    .filter(({ address }) => address === `aws_iam_role_policy.${role}_permissions`)
    .flatMap(({ Action }) => list(Action));
const LAMBDA = "aws_lambda_function.validation_function_function";

describe("the goal", () => {
  it("is in us-east-1 and in no other region, in three of its zones", () => {
    expect([...stacks.keys()]).toEqual(["global", "us-east-1", "failover"]);
    for (const { json } of stacks.values())
      expect((json["provider"] as { aws: { region: string }[] }).aws.map((provider) => provider.region)).toEqual(["us-east-1"]);
    for (const type of ["aws_subnet", "aws_rds_cluster_instance"])
      expect([...new Set(region.all(type).map((resource) => resource["availability_zone"]))].sort()).toEqual(ZONES);
    expect(region.all("aws_nat_gateway").map(({ subnet_id: subnet }) => target(subnet))).toEqual(
      ZONES.map((zone) => `aws_subnet.network_public_${zone}`),
    );
  });
});

describe("the database layer", () => {
  it("is an Aurora PostgreSQL cluster", () => {
    expect(region.only("aws_rds_cluster")).toMatchObject({ engine: "aurora-postgresql" });
  });
});

describe("the application layer", () => {
  const service = region.only("aws_ecs_service");

  it("scales with CPU and memory between ten and fifty tasks", () => {
    const scaled = region.only("aws_appautoscaling_target");
    expect(scaled).toMatchObject({
      min_capacity: 10,
      max_capacity: 50,
      resource_id: `service/${String(region.only("aws_ecs_cluster")["name"])}/${String(service["name"])}`,
      scalable_dimension: "ecs:service:DesiredCount",
    });
    const policies = region.all("aws_appautoscaling_policy");
    for (const policy of policies) expect(target(policy["resource_id"])).toBe(scaled.address);
    expect(policies.map((policy) => policy["target_tracking_scaling_policy_configuration"])).toMatchObject([
      { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" }, target_value: 60 },
      { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" }, target_value: 70 },
    ]);
    // An apply must not revert the number of tasks that the load requires.
    expect(service).toMatchObject({ desired_count: 10, lifecycle: { ignore_changes: ["desired_count"] } });
  });
});

describe("serverless processing", () => {
  it("validates payments with a function that the service may invoke and whose name it has", () => {
    expect(region.resource(LAMBDA)).toMatchObject({ function_name: "function-validate-payment-test-1", publish: true });
    expect(target(region.only("aws_lambda_alias")["function_name"])).toBe(LAMBDA);
    expect(target(region.resource("aws_ssm_parameter.parameters_validation-function")["value"])).toBe(
      region.only("aws_lambda_alias").address,
    );
    expect(region.only("aws_ecs_task_definition")["container_definitions"]).toContain(
      `"name" = "VALIDATION_FUNCTION", "valueFrom" = ${parameterArn("validation/function")}`,
    );
    expect(actionsOf("service_task-role")).toContain("lambda:InvokeFunction");
  });

  it("binds neither the function nor the table of requests to a zone", () => {
    // Outside a VPC, Lambda runs a function in several zones; tied to subnets, in those of the subnets only.
    expect(region.resource(LAMBDA)).not.toHaveProperty("vpc_config");
    const { variables } = region.resource(LAMBDA)["environment"] as { variables: { REQUESTS_TABLE: string } };
    expect(target(variables.REQUESTS_TABLE)).toBe(region.only("aws_dynamodb_table").address);
  });
});

describe("storage", () => {
  const settingsOf = (bucket: Resource, type: string): Resource => {
    const [found, ...others] = region.all(type).filter((settings) => target(settings["bucket"]) === bucket.address);
    if (!found || others.length > 0) throw new Error(`${bucket.address} has not one ${type}`);
    return found;
  };
  const logs = region.resource("aws_s3_bucket.transaction-logs_bucket");

  it("has a bucket for transaction logs that the service may only add to, and neither read nor empty", () => {
    const granted = statements(region).filter(
      ({ address, Resource: where }) =>
        address === "aws_iam_role_policy.service_task-role_permissions" && list(where).some((arn) => arn.includes(String(logs["bucket"]))),
    );
    expect(granted.flatMap(({ Action }) => list(Action))).toEqual(["s3:PutObject", "s3:AbortMultipartUpload"]);
    expect(target(region.resource("aws_ssm_parameter.parameters_storage-transaction-logs-bucket")["value"])).toBe(logs.address);
  });

  it("deletes objects of every bucket after a time", () => {
    expect(region.all("aws_s3_bucket")).toHaveLength(2);
    for (const bucket of region.all("aws_s3_bucket")) {
      const [rule] = settingsOf(bucket, "aws_s3_bucket_lifecycle_configuration")["rule"] as Resource[];
      expect(rule).toMatchObject({ expiration: [{ days: expect.any(Number) }] });
    }
    expect(settingsOf(logs, "aws_s3_bucket_lifecycle_configuration")["rule"]).toMatchObject([
      {
        transition: [
          { days: 30, storage_class: "STANDARD_IA" },
          { days: 90, storage_class: "GLACIER_IR" },
        ],
        expiration: [{ days: 2557 }],
      },
    ]);
  });

  it("encrypts transaction logs with a customer-managed key", () => {
    expect(settingsOf(logs, "aws_s3_bucket_server_side_encryption_configuration")["rule"]).toMatchObject([
      { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "${aws_kms_key.storage-key_key.arn}" } },
    ]);
  });
});

describe("networking", () => {
  it("has network ACLs for every subnet, and the data tier exchanges packets only with the application tier", () => {
    const guarded = region.all("aws_network_acl").flatMap((acl) => (acl["subnet_ids"] as string[]).map(target));
    expect(guarded.sort()).toEqual(
      region
        .all("aws_subnet")
        .map(({ address }) => address)
        .sort(),
    );
    const application = subnetsOf(region, "application").map((subnet) => String(subnet["cidr_block"]));
    const rules = region.all("aws_network_acl_rule").filter((rule) => target(rule["network_acl_id"]).includes("_data_"));
    expect(rules.map((rule) => [rule["egress"], rule["cidr_block"], rule["from_port"]]).sort()).toEqual([
      [false, "10.0.64.0/18", 5432],
      [true, "10.0.64.0/18", 1024],
    ]);
    // 10.0.64.0/18: its third byte is 64 to 127.
    expect(application.map((cidr) => Number(cidr.split(".")[2]) >> 6)).toEqual([1, 1, 1]);
  });
});

describe("identity and access", () => {
  const assumedBy = (role: unknown): readonly string[] =>
    statements(region)
      .filter(({ address, Action }) => address === target(role) && Action === "sts:AssumeRole")
      .flatMap(services);

  it("has two roles for the tasks: one that starts them, and one for the program, with permissions for its own resources only", () => {
    const task = region.only("aws_ecs_task_definition");
    for (const role of [task["execution_role_arn"], task["task_role_arn"]]) expect(assumedBy(role)).toEqual(["ecs-tasks.amazonaws.com"]);
    expect(task["execution_role_arn"]).not.toBe(task["task_role_arn"]);
    expect([...new Set(actionsOf("service_task-role"))].sort()).toEqual([
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "lambda:InvokeFunction",
      "s3:AbortMultipartUpload",
      "s3:PutObject",
      "ssm:GetParameter",
      "ssm:GetParameters",
      "ssm:GetParametersByPath",
    ]);
  });

  it("has a role for each function, which only Lambda may assume; the validation may store requests and do nothing else", () => {
    const roles = region.all("aws_lambda_function").map(({ role }) => role);
    expect(new Set(roles).size).toBe(roles.length);
    for (const role of roles) expect(assumedBy(role)).toEqual(["lambda.amazonaws.com"]);
    expect(actionsOf("validation_function_role").filter((action) => !/^(logs|xray|kms):/.test(action))).toEqual([
      "sqs:SendMessage",
      "dynamodb:PutItem",
    ]);
  });

  it("allows the service and its function all resources only for actions without a resource type", () => {
    const allowed = [...stacks.values()]
      .flatMap(statements)
      .filter(({ address, Effect }) => Effect === "Allow" && !address.startsWith("aws_kms_key."));
    expect(allowed.length).toBeGreaterThan(50);
    const onAll = allowed.filter(({ address, Resource }) => /\.(service|validation)_/.test(address) && list(Resource).includes("*"));
    expect(onAll.flatMap(({ Action }) => list(Action))).toEqual([
      "ecr:GetAuthorizationToken",
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
    ]);
  });
});

describe("technical requirements and constraints", () => {
  it("has a dead-letter queue for events that a function failed to process", () => {
    expect(target((region.resource(LAMBDA)["dead_letter_config"] as { target_arn: string }).target_arn)).toBe(
      "aws_sqs_queue.validation_dead-letters_queue",
    );
  });
});

describe("what is delivered", () => {
  it("documents the effect of the loss of a task, a zone and the writer, and of a bad release", () => {
    expect(firstColumn("docs/availability.md", "What happens when something is lost")).toEqual(
      expect.arrayContaining([
        "a task",
        "a zone: tasks",
        "a zone: the writer",
        "a zone: NAT",
        "a bad release: its tasks do not start",
        "a bad release: errors or slow answers",
      ]),
    );
  });
});
