import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, ONE_REGION } from "../support/config";
import { list, statements } from "../support/policies";
import { failoverStack, regionStack, type Resource, type Synthesized, target } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const plain = regionStack({ ...ONE_REGION, canaries: { enabled: false } });
const oneRegion = (overrides: object): Synthesized => regionStack({ ...ONE_REGION, ...overrides });

/** What a role may do, as `action on resource`. @throws where the role has no policy: a slip of the pen would prove anything */
const may = (stack: Synthesized, role: string): string[] => {
  const { address } = stack.at(`aws_iam_role_policy.${role}_permissions`);
  return statements(stack)
    .filter((statement) => statement.address === address && statement.Effect === "Allow")
    .flatMap(({ Action, Resource }) => list(Action).flatMap((action) => list(Resource).map((resource) => `${action} on ${resource}`)));
};
/** Who may talk to a security group, by the address of the group. */
const clientsOf = (stack: Synthesized, group: string): string[] =>
  stack
    .all("aws_vpc_security_group_ingress_rule")
    .filter((rule) => target(rule["security_group_id"]) === group && rule["referenced_security_group_id"])
    .map((rule) => target(rule["referenced_security_group_id"]))
    .sort();

describe("services beside the first", () => {
  const group = (service: string): string => `aws_security_group.${service}_security-group_group`;

  it("may be called by the services that were named, and by the load balancer where a path leads to them", () => {
    expect(clientsOf(everything, group("service-ledger"))).toEqual([
      "aws_security_group.load-balancer_security-group_group",
      group("service"),
    ]);
    expect(clientsOf(everything, group("service-risk"))).toEqual([group("service-ledger")]);
    expect(clientsOf(everything, group("service"))).toEqual(["aws_security_group.load-balancer_security-group_group"]);
  });

  it("use the stores that were named, and no others", () => {
    expect(clientsOf(everything, group("database"))).toEqual([group("service-ledger"), group("service")]);
    expect(clientsOf(everything, group("cache"))).toEqual([group("service")]);
    expect(may(everything, "service-risk_task-role").filter((allowed) => !/^(ssm|kms):/.test(allowed))).toEqual([]);
    expect(may(everything, "service-ledger_execution-role").some((allowed) => allowed.startsWith("secretsmanager:GetSecretValue"))).toBe(
      true,
    );
    expect(may(everything, "service-risk_execution-role").some((allowed) => allowed.startsWith("secretsmanager:"))).toBe(false);
    expect(String(everything.at("aws_ecs_task_definition.service-risk_task_definition")["container_definitions"])).not.toContain(
      "DATABASE",
    );
  });

  it("have a target group, a rule, alarms, events and scaling of their own", () => {
    expect(everything.at("aws_lb_listener_rule.load-balancer_to-ledger")).toMatchObject({
      condition: [{ path_pattern: { values: ["/ledger", "/ledger/*"] } }],
      action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.load-balancer_targets-ledger_group.arn}" }],
    });
    expect(everything.at("aws_lb_target_group.load-balancer_targets-ledger_group")).toMatchObject({
      name: "tg-ledger-8081-test-1",
      port: 8081,
    });
    const named = (type: string, attribute: string): string[] => everything.all(type).map((resource) => String(resource[attribute]));
    expect(named("aws_cloudwatch_metric_alarm", "alarm_name")).toEqual(
      expect.arrayContaining([
        "alarm-ledger-running-tasks-low-test-1",
        "alarm-ledger-latency-high-test-1",
        "alarm-risk-running-tasks-low-test-1",
      ]),
    );
    expect(named("aws_cloudwatch_event_rule", "name")).toEqual(
      expect.arrayContaining(["rule-ledger-task-stopped-test-1", "rule-risk-deployment-failed-test-1"]),
    );
    expect(everything.at("aws_appautoscaling_target.service-ledger_scaling_target")).toMatchObject({ min_capacity: 6, max_capacity: 9 });
    expect(everything.all("aws_lb_listener_rule").map(({ address }) => address)).not.toContain(
      "aws_lb_listener_rule.load-balancer_to-risk",
    );
  });

  it("prove themselves well on their own port", () => {
    expect(String(everything.at("aws_ecs_task_definition.service-ledger_task_definition")["container_definitions"])).toContain(
      "http://127.0.0.1:8081/health",
    );
  });

  it("keep the places of their rules when another one comes or goes", () => {
    const priority = (services: object): unknown =>
      oneRegion({
        services,
        service_images: Object.fromEntries(Object.keys(services).map((name) => [name, "registry.bank.test/x:1"])),
      }).at("aws_lb_listener_rule.load-balancer_to-ledger")["priority"];
    const alone = priority({ ledger: { paths: ["/ledger"] } });
    expect(priority({ accounts: { paths: ["/accounts"] }, ledger: { paths: ["/ledger"] } })).toBe(alone);
    expect(Number(alone)).toBeGreaterThanOrEqual(1);
    expect(Number(alone)).toBeLessThanOrEqual(50_000);
  });

  it("get their image from a variable that a release changes", () => {
    expect(String(everything.at("aws_ecs_task_definition.service-ledger_task_definition")["container_definitions"])).toContain(
      "var.service_images.ledger",
    );
    const { service_images: images } = everything.json["variable"] as { service_images: { validation: { condition: string }[] } };
    expect(images.validation[0]?.condition).toContain('"[\\"ledger\\",\\"risk\\"]"');
  });
});

describe("discovery", () => {
  const service = (discovery: string): Resource => oneRegion({ discovery }).at("aws_ecs_service.service_service");

  it("is by private names of Cloud Map that ECS keeps, and that clients ask for again after ten seconds", () => {
    expect(everything.only("aws_service_discovery_private_dns_namespace")).toMatchObject({ name: "test-1.internal" });
    expect(everything.at("aws_service_discovery_service.service-ledger_discovery_registry")).toMatchObject({
      name: "ledger",
      dns_config: { routing_policy: "MULTIVALUE", dns_records: [{ ttl: 10, type: "A" }] },
      health_check_custom_config: { failure_threshold: 1 },
      force_destroy: true,
    });
    expect(service("dns")["service_registries"]).toEqual({
      registry_arn: "${aws_service_discovery_service.service_discovery_registry.arn}",
    });
    expect(service("dns")).not.toHaveProperty("service_connect_configuration");
  });

  it("is by Service Connect where that is asked for, and never by both", () => {
    expect(service("service-connect")["service_connect_configuration"]).toMatchObject({
      enabled: true,
      namespace: "${aws_service_discovery_http_namespace.namespace_http.arn}",
      service: [{ port_name: "http", discovery_name: "payments", client_alias: { dns_name: "payments", port: 8080 } }],
    });
    expect(service("service-connect")).not.toHaveProperty("service_registries");
  });

  it("is not there where nobody asks for it", () => {
    expect(plain.all().filter(({ resourceType }) => resourceType.startsWith("aws_service_discovery"))).toEqual([]);
    expect(service("none")).not.toHaveProperty("service_registries");
  });
});

describe("capacity", () => {
  it("is on demand, unless Spot is asked for; then a base stays on demand, and a change of it interrupts nothing", () => {
    expect(plain.only("aws_ecs_service")).toMatchObject({
      capacity_provider_strategy: [{ capacity_provider: "FARGATE", weight: 1 }],
      force_new_deployment: true,
    });
    expect(everything.at("aws_ecs_service.service_service")["capacity_provider_strategy"]).toEqual([
      { capacity_provider: "FARGATE", base: 6, weight: 0 },
      { capacity_provider: "FARGATE_SPOT", weight: 1 },
    ]);
  });

  it("follows processor, memory and requests, and other ranges from certain times on", () => {
    const policies = everything
      .all("aws_appautoscaling_policy")
      .filter(({ address }) => address.includes(".service_scaling_"))
      .map((policy) => policy["target_tracking_scaling_policy_configuration"] as Record<string, unknown>);
    expect(policies).toMatchObject([
      { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" }, target_value: 60 },
      { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" }, target_value: 70 },
      {
        predefined_metric_specification: {
          predefined_metric_type: "ALBRequestCountPerTarget",
          resource_label: "${aws_lb.load-balancer_alb.arn_suffix}/${aws_lb_target_group.load-balancer_targets_group.arn_suffix}",
        },
        target_value: 1000,
      },
    ]);
    expect(everything.only("aws_appautoscaling_scheduled_action")).toMatchObject({
      schedule: "cron(0 7 ? * MON-FRI *)",
      timezone: "UTC",
      scalable_target_action: { min_capacity: "9", max_capacity: "12" },
    });
    // A schedule changes the range, and an apply leaves it so.
    expect(everything.at("aws_appautoscaling_target.service_scaling_target")["lifecycle"]).toEqual({
      ignore_changes: ["min_capacity", "max_capacity"],
    });
    expect(plain.only("aws_appautoscaling_target")).not.toHaveProperty("lifecycle");
  });

  it("is nine tasks instead of six where six must be left at the moment when a zone is lost", () => {
    const stable = oneRegion({ service: { static_stability: true } });
    expect(stable.only("aws_ecs_service")).toMatchObject({ desired_count: 9 });
    expect(stable.only("aws_appautoscaling_target")).toMatchObject({ min_capacity: 9, max_capacity: 9 });
  });
});

describe("the validation of payments", () => {
  const lambda = everything.at("aws_lambda_function.validation_function_function");

  it("runs outside the VPC, as often at the same time as was reserved, and publishes each release", () => {
    expect(lambda).toMatchObject({ publish: true, reserved_concurrent_executions: 20, timeout: 5, tracing_config: { mode: "Active" } });
    expect(lambda).not.toHaveProperty("vpc_config");
  });

  it("runs in the tasks' subnets where it is asked to, and its own code can do nothing to interfaces", () => {
    const inside = oneRegion({ validation: { enabled: true, in_vpc: true } });
    // Lambda takes its interfaces out of the group as the function's role: that must outlive the group.
    expect(inside.at("aws_security_group.validation-security-group_group")["depends_on"]).toContain(
      "aws_iam_role_policy.validation_function_role_permissions",
    );
    const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
    expect(inside.at("aws_lambda_function.validation_function_function")["vpc_config"]).toEqual({
      subnet_ids: zones.map((zone) => `\${aws_subnet.network_application_${zone}.id}`),
      security_group_ids: ["${aws_security_group.validation-security-group_group.id}"],
    });
    const denied = statements(inside).find(({ Sid }) => Sid === "DenyFunctionCode");
    expect(denied).toMatchObject({
      Effect: "Deny",
      Condition: {
        ArnEquals: { "lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:function-validate-payment-test-1" },
      },
    });
    // AWS takes its interfaces away up to 45 minutes later.
    expect(inside.at("aws_security_group.validation-security-group_group")["timeouts"]).toEqual({ delete: "60m" });
    expect(statements(everything).filter(({ Sid }) => Sid === "DenyFunctionCode")).toEqual([]);
  });

  it("may remember requests, answer events and keep what failed, and nothing else", () => {
    const own = may(everything, "validation_function_role").filter((allowed) => !/^(logs|xray|kms):/.test(allowed));
    expect(own.sort()).toEqual([
      "dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/table-payment-requests-test-1",
      "events:PutEvents on arn:aws:events:us-east-1:123456789012:event-bus/events-test-1",
      "sqs:SendMessage on ${aws_sqs_queue.validation_dead-letters_queue.arn}",
    ]);
    const put = statements(everything).find(({ address, Sid }) => address.includes("validation_function_role") && Sid === "PutEvents");
    expect(put?.Condition).toEqual({
      "ForAllValues:StringEquals": { "events:source": "standfast.validation" },
      Null: { "events:source": "false" },
    });
  });

  it("is called through an alias, which leads to the newest version unless a release holds another", () => {
    const alias = everything.only("aws_lambda_alias");
    expect(alias["function_version"]).toBe(
      '${var.validation_release.version == "" ? aws_lambda_function.validation_function_function.version : var.validation_release.version}',
    );
    expect(alias["dynamic"]).toEqual({
      routing_config: {
        for_each:
          '${var.validation_release.version != "" && var.validation_release.newest_percent > 0 ? [var.validation_release.newest_percent] : []}',
        content: {
          additional_version_weights: "${{ (aws_lambda_function.validation_function_function.version) = routing_config.value / 100 }}",
        },
      },
    });
    const permissions = everything
      .all("aws_lambda_permission")
      .filter(({ address }) => /function-validation|event-bus-invoke/.test(address));
    expect(permissions).toHaveLength(2);
    for (const permission of permissions)
      expect(permission).toMatchObject({
        qualifier: "live",
        source_arn: expect.stringMatching(/^arn:|^\$\{aws_lb_target_group/) as unknown,
      });
  });

  it("gets what is posted to its path only, where it has one", () => {
    expect(everything.at("aws_lb_listener_rule.load-balancer_to-validation")["condition"]).toEqual([
      { path_pattern: { values: ["/validations"] } },
      { http_request_method: { values: ["POST"] } },
    ]);
    expect(oneRegion({ validation: { enabled: true } }).all("aws_lb_listener_rule")).toEqual([]);
  });

  it("may be called by services that were given it, and by nobody where there is none", () => {
    expect(may(everything, "service_task-role")).toContain("lambda:InvokeFunction on ${aws_lambda_alias.validation_function_live.arn}");
    expect(may(everything, "service-ledger_task-role").filter((allowed) => allowed.startsWith("lambda:"))).toEqual([]);
    expect(plain.all("aws_lambda_alias")).toEqual([]);
  });
});

describe("the event bus", () => {
  it("keeps what it can deliver to nobody, whichever rule it is of", () => {
    const targets = everything.all("aws_cloudwatch_event_target").filter((candidate) => candidate["event_bus_name"] !== undefined);
    expect(targets.length).toBeGreaterThan(3);
    for (const { address, dead_letter_config: kept, depends_on: after } of targets) {
      expect({ address, kept }).toEqual({ address, kept: { arn: "${aws_sqs_queue.events_dead-letters_queue.arn}" } });
      expect(after).toContain("aws_sqs_queue_policy.events_dead-letters_policy");
    }
  });

  it("is encrypted, archives everything but what may hold card data, and lets in known senders only", () => {
    expect(everything.only("aws_cloudwatch_event_bus")).toMatchObject({
      name: "events-test-1",
      kms_key_identifier: "${aws_kms_key.events-key_key.arn}",
      dead_letter_config: { arn: "${aws_sqs_queue.events_dead-letters_queue.arn}" },
    });
    expect(JSON.parse(String(everything.only("aws_cloudwatch_event_archive")["event_pattern"]))).toEqual({
      source: ["standfast.payments", "standfast.validation"],
      "detail-type": [{ "anything-but": ["PaymentSubmitted"] }],
    });
    expect(statements(everything).find(({ Sid }) => Sid === "KnownSendersOnly")).toMatchObject({
      Effect: "Deny",
      Condition: { "ForAnyValue:StringNotEquals": { "events:source": ["standfast.payments", "standfast.validation"] } },
    });
  });

  it("tries again for a day, and then keeps what could not be delivered, with an alarm on it", () => {
    const targets = everything.all("aws_cloudwatch_event_target").filter(({ address }) => address.includes("_rule-"));
    expect(targets.length).toBeGreaterThanOrEqual(2);
    for (const found of targets)
      expect(found).toMatchObject({
        retry_policy: { maximum_event_age_in_seconds: 86400, maximum_retry_attempts: 185 },
        dead_letter_config: { arn: "${aws_sqs_queue.events_dead-letters_queue.arn}" },
      });
    expect(everything.at("aws_cloudwatch_metric_alarm.events_dead-letters_alarm-event-dead-letters-waiting")).toMatchObject({
      threshold: 0,
    });
  });

  it("may be used by the service under its own name only", () => {
    const put = statements(everything).find(({ address, Sid }) => address.includes("service_task-role") && Sid === "PutEvents");
    expect(put?.Condition).toEqual({
      "ForAllValues:StringEquals": { "events:source": "standfast.payments" },
      Null: { "events:source": "false" },
    });
  });
});

describe("canaries", () => {
  const asked = (stack: Synthesized): unknown[] =>
    stack
      .all("aws_synthetics_canary")
      .map(({ run_config: config }) => (config as { environment_variables: { TARGET_URL: string } }).environment_variables.TARGET_URL);

  it("ask for the public name and for the other region, from each of two regions", () => {
    expect(asked(regionStack())).toEqual(["https://pay.standfast.test/health", "https://us-west-2.pay.standfast.test/health"]);
    expect(asked(regionStack({}, 1))).toEqual(["https://pay.standfast.test/health", "https://us-east-1.pay.standfast.test/health"]);
  });

  it("of a single region ask for itself, for want of another place", () => {
    expect(asked(oneRegion({}))).toEqual(["https://pay.standfast.test/health", "https://us-east-1.pay.standfast.test/health"]);
  });

  it("run, encrypt what they find, stand outside the VPC, and leave neither function nor log behind", () => {
    expect(everything.all("aws_synthetics_canary")).toHaveLength(2);
    for (const canary of everything.all("aws_synthetics_canary")) {
      expect(canary).toMatchObject({
        start_canary: true,
        delete_lambda: true,
        artifact_config: { s3_encryption: { encryption_mode: "SSE_KMS", kms_key_arn: "${aws_kms_key.canaries-key_key.arn}" } },
        schedule: { expression: "rate(1 minute)" },
      });
      expect(canary).not.toHaveProperty("vpc_config");
    }
    // A group that Lambda made by itself would stay for ever.
    const actions = everything
      .all("aws_synthetics_canary")
      .flatMap(({ address }) => may(everything, `${address.split(".")[1]?.replace(/_canary$/, "") ?? ""}_role`));
    expect(actions.filter((allowed) => allowed.startsWith("logs:")).length).toBeGreaterThan(0);
    expect(actions.filter((allowed) => allowed.startsWith("logs:CreateLogGroup"))).toEqual([]);
  });

  it("ring when a run fails or is missing, once for each time they run", () => {
    const slow = oneRegion({ canaries: { every_minutes: 5 } });
    for (const [stack, period] of [
      [everything, 60],
      [slow, 300],
    ] as const) {
      const alarms = stack.all("aws_cloudwatch_metric_alarm").filter(({ metric_name: name }) => name === "SuccessPercent");
      expect(alarms).toHaveLength(2);
      for (const alarm of alarms)
        expect(alarm).toMatchObject({ period, threshold: 100, comparison_operator: "LessThanThreshold", treat_missing_data: "breaching" });
    }
  });
});

describe("alerts that go elsewhere, too", () => {
  it("have their addresses in a secret that Terraform never writes", () => {
    expect(everything.at("aws_secretsmanager_secret.alert-forwarding_endpoints")).toMatchObject({ recovery_window_in_days: 0 });
    expect(everything.all("aws_secretsmanager_secret_version")).toEqual([]);
  });

  it("go nowhere else unless that is asked for", () => {
    expect(plain.all("aws_sns_topic_subscription").map(({ protocol }) => protocol)).toEqual(["email"]);
    expect(
      everything
        .all("aws_sns_topic_subscription")
        .map(({ protocol }) => protocol)
        .sort(),
    ).toEqual(["email", "lambda", "sqs"]);
  });
});

describe("unusual load", () => {
  it("rings only where that is asked for", () => {
    const unusual = (stack: Synthesized): unknown[] => stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => alarm["metric_query"]);
    expect(unusual(plain)).toEqual([]);
    // Requests of all, and latency of each service behind the load balancer.
    expect(unusual(everything)).toHaveLength(3);
  });
});

describe("the dashboard over all regions", () => {
  interface Box {
    readonly type: string;
    readonly x: number;
    readonly width: number;
    readonly properties: { readonly title: string; readonly region?: string; readonly alarms?: string[]; readonly metrics?: unknown[][] };
  }
  const { widgets } = JSON.parse(String(failoverStack().only("aws_cloudwatch_dashboard")["dashboard_body"])) as { widgets: Box[] };
  const titled = (words: string): Box[] => widgets.filter(({ properties }) => properties.title.includes(words));

  it("shows for each region its alarms, how far it is behind, its capacity by zone, its budget of errors and its deployments", () => {
    for (const words of [
      "Alarms of",
      "Replication lag of",
      "Healthy tasks in each zone of",
      "requests without a server error",
      "Tasks and deployments of",
      "Canaries in",
    ])
      expect(titled(words).map(({ properties }) => /us-(east-1|west-2)/.exec(properties.title)?.[0])).toEqual(["us-east-1", "us-west-2"]);
    const ofOneRegion = widgets.filter(({ type, properties }) => type === "metric" && !properties.title.startsWith("Regions"));
    expect(ofOneRegion.length).toBeGreaterThan(5);
    for (const { properties } of ofOneRegion) expect(properties.title).toContain(properties.region);
  });

  it("shows where DNS leads, by the health checks, which report in us-east-1", () => {
    const [box] = titled("that DNS uses");
    expect(box?.properties).toMatchObject({ region: "us-east-1" });
    expect(box?.properties.metrics).toHaveLength(2);
  });

  it("names alarms that exist in the regions", () => {
    for (const [index, region] of ["us-east-1", "us-west-2"].entries()) {
      const there = regionStack({}, index)
        .all("aws_cloudwatch_composite_alarm")
        .map(({ alarm_name: name }) => `arn:aws:cloudwatch:${region}:123456789012:alarm:${String(name)}`);
      const [shown] = titled(`Alarms of ${region}`);
      expect(shown?.properties.alarms?.length).toBeGreaterThan(5);
      expect(shown?.properties.alarms?.filter((arn) => !there.includes(arn))).toEqual([]);
    }
  });

  it("puts no box outside the grid", () => {
    expect(widgets.length).toBeGreaterThan(5);
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
  });
});
