import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cidr, overlaps, parseCidr } from "../../config/cidr";
import { alarmsOn, periodOf } from "../support/alarms";
import { page } from "../support/pages";
import { Preset } from "../support/preset";
import { PROJECT } from "../support/requirements";
import { type Box, boxesOf } from "../support/dashboards";
import {
  containers,
  failoverStack,
  globalStack,
  parameterArn,
  regionStack,
  type Resource,
  type Synthesized,
  target,
} from "../support/synthesized";
import { subnetsOf } from "../support/traffic";

const PRESET = "payment-processing";
const preset = new Preset(PRESET);
const REGIONS = preset.regions;
const [PRIMARY, STANDBY] = ["us-east-1", "us-west-2"] as const;
const primary = preset.stack(PRIMARY);
const standby = preset.stack(STANDBY);
const { failover } = preset;

describe("the database layer", () => {
  it("has one writer and two readers of Aurora PostgreSQL", () => {
    for (const { stack } of REGIONS) {
      expect(stack.only("aws_rds_cluster")).toMatchObject({ engine: "aurora-postgresql", engine_version: "16.8" });
      expect(stack.all("aws_rds_cluster_instance").map(({ instance_class: size }) => size)).toEqual(Array(3).fill("db.r6g.large"));
    }
  });

  it("is the only resource in the backups, which are copied to the standby region and retained there for 35 days, too", () => {
    expect(primary.only("aws_backup_plan")["rule"]).toMatchObject([
      { copy_action: [] },
      { schedule: "cron(0 0 * * ? *)", copy_action: [{ lifecycle: { delete_after: 35 } }] },
    ]);
    expect(primary.only("aws_backup_selection")["resources"]).toEqual([
      "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
    ]);
  });
});

describe("the application layer", () => {
  it("runs exactly six tasks on Fargate, and has nothing that could change their number", () => {
    for (const { stack } of REGIONS) {
      const service = stack.only("aws_ecs_service");
      expect(service).toMatchObject({ desired_count: 6 });
      expect(stack.only("aws_appautoscaling_target")).toMatchObject({ min_capacity: 6, max_capacity: 6 });
      expect(stack.all().filter(({ resourceType }) => /^aws_appautoscaling_(policy|scheduled_action)$/.test(resourceType))).toEqual([]);
      // Terraform corrects a number that was changed outside of it.
      expect(service["lifecycle"]).not.toHaveProperty("ignore_changes");
    }
  });

  it("allows the tasks of every zone to reach the database in every zone and to receive its responses", () => {
    for (const { stack } of REGIONS) {
      const own = (group: unknown): string => target(group).split(".")[1] ?? "";
      for (const [direction, near, far] of [
        ["ingress", "database", "service"],
        ["egress", "service", "database"],
      ] as const)
        expect(
          stack
            .all(`aws_vpc_security_group_${direction}_rule`)
            .filter((rule) => own(rule["security_group_id"]).startsWith(near) && own(rule["referenced_security_group_id"]).startsWith(far)),
        ).toMatchObject([{ ip_protocol: "tcp", from_port: 5432, to_port: 5432 }]);
      const subnets = (tier: string): Cidr[] => subnetsOf(stack, tier).map((subnet) => cidr(subnet["cidr_block"]));
      const permits = (tier: string, egress: boolean, port: number, peer: Cidr): boolean =>
        stack
          .all("aws_network_acl_rule")
          .filter((rule) => target(rule["network_acl_id"]).endsWith(`_${tier}_acl`) && rule["egress"] === egress)
          .some(
            (rule) =>
              rule["rule_action"] === "allow" &&
              Number(rule["from_port"]) <= port &&
              port <= Number(rule["to_port"]) &&
              contains(cidr(rule["cidr_block"]), peer),
          );
      const pairs = subnets("application").flatMap((tasks) => subnets("data").map((database) => ({ tasks, database })));
      expect(pairs).toHaveLength(9);
      for (const { tasks, database } of pairs)
        expect([
          permits("application", true, 5432, database),
          permits("data", false, 5432, tasks),
          permits("data", true, 49152, tasks),
          permits("application", false, 49152, database),
        ]).toEqual([true, true, true, true]);
    }
  });
});

describe("load balancing and traffic management", () => {
  const records = failover.all("aws_route53_record");

  it("resolves to the primary's load balancer, and to the standby's while the primary is unhealthy", () => {
    expect(
      records.map((record) => [(record["failover_routing_policy"] as { type: string }).type, record["name"], record["records"]]),
    ).toEqual([
      ["PRIMARY", "pay.standfast.test", ["us-east-1.pay.standfast.test"]],
      ["SECONDARY", "pay.standfast.test", ["us-west-2.pay.standfast.test"]],
    ]);
    const calculated = failover.resource(target(records[0]?.["health_check_id"]));
    const [endpoint] = (calculated["child_healthchecks"] as string[]).map((child) => failover.resource(target(child)));
    expect(endpoint).toMatchObject({ type: "HTTPS", fqdn: "us-east-1.pay.standfast.test", resource_path: "/health" });
    for (const { name, stack } of REGIONS)
      expect(stack.resource("aws_route53_record.region-record_record")).toMatchObject({
        name: `${name}.pay.standfast.test`,
        alias: { name: "${aws_lb.load-balancer_alb.dns_name}", evaluate_target_health: true },
      });
  });
});

describe("monitoring and alerting", () => {
  const TOPIC = "${aws_sns_topic.alerts_topic.arn}";
  const eventOf = (stack: Synthesized, name: string): unknown => {
    const rule = stack.resource(`aws_cloudwatch_event_rule.${name}`);
    const targets = stack.all("aws_cloudwatch_event_target").filter((candidate) => target(candidate["rule"]) === rule.address);
    expect(targets.map(({ arn }) => arn)).toEqual([TOPIC]);
    return JSON.parse(String(rule["event_pattern"]));
  };

  it("receives an event for every task that stops or cannot start, and goes to ALARM while fewer than six run", () => {
    for (const { stack } of REGIONS) {
      expect(eventOf(stack, "service_event-task-stopped")).toMatchObject({
        "detail-type": ["ECS Task State Change"],
        detail: { lastStatus: ["STOPPED"] },
      });
      expect(eventOf(stack, "service_event-task-placement-failed")).toMatchObject({ "detail-type": ["ECS Service Action"] });
      expect(eventOf(stack, "service_event-deployment-failed")).toMatchObject({ "detail-type": ["ECS Deployment State Change"] });
      expect(alarmsOn(stack, "RunningTaskCount")).toMatchObject([
        { comparison_operator: "LessThanThreshold", threshold: 6, treat_missing_data: "breaching" },
      ]);
    }
  });

  it("has alarms on every part that can fail", () => {
    const watched = (stack: Synthesized): unknown[] => [
      ...new Set(stack.all("aws_cloudwatch_metric_alarm").map(({ namespace }) => namespace)),
    ];
    for (const { stack } of REGIONS)
      expect(watched(stack)).toEqual(
        expect.arrayContaining([
          "AWS/ApplicationELB",
          "AWS/CertificateManager",
          "AWS/ECS",
          "AWS/Lambda",
          "AWS/NATGateway",
          "AWS/RDS",
          "CloudWatchSynthetics",
          "ECS/ContainerInsights",
        ]),
      );
    expect(watched(primary)).toContain("AWS/Backup");
    expect(watched(failover)).toEqual(["AWS/Route53"]);
  });

  const drawing = (stack: Synthesized, metric: string): Box[] => boxesOf(stack).filter((widget) => JSON.stringify(widget).includes(metric));

  it("shows a failover on dashboards by the minute: DNS health checks, the writer's uptime, tasks by zone, lag and alarms", () => {
    for (const { stack } of REGIONS)
      for (const metric of [
        "EngineUptime",
        "HealthyHostCount",
        "RunningTaskCount",
        "AuroraGlobalDBReplicationLag",
        "HTTPCode_ELB_5XX_Count",
      ])
        expect([metric, drawing(stack, metric).length > 0]).toEqual([metric, true]);
    for (const metric of ["HealthCheckStatus", "HealthyHostCount", "AuroraGlobalDBReplicationLag"])
      expect([metric, drawing(failover, metric).length > 0]).toEqual([metric, true]);
    expect(boxesOf(failover).filter(({ type }) => type === "alarm")).toHaveLength(2);
    const isLongTerm = (title: string): boolean => title.startsWith("Error budget of");
    for (const { type, properties } of boxesOf(failover))
      if (type === "metric" && !isLongTerm(properties.title)) expect(properties.period).toBe(60);
  });

  it("measures availability: requests without a server error, compared with 99.99 percent", () => {
    const budgets = boxesOf(failover).filter(({ properties }) => properties.title.includes("requests without a server error"));
    expect(budgets).toHaveLength(2);
    for (const { properties } of budgets) expect(properties.annotations).toMatchObject({ horizontal: [{ value: 99.99 }] });
  });

  it("goes to ALARM after one minute where AWS publishes the metric by the minute, and states the maximum latency", () => {
    const alarms = preset.all("aws_cloudwatch_metric_alarm");
    // Backup metrics are published every five minutes, and backups happen every six hours; certificates are counted in days, and
    // error budgets are used in hours. Keys are checked every five minutes, and one run may be missing.
    const isSlow = ({ namespace, alarm_name: name }: Resource): boolean =>
      ["AWS/Backup", "AWS/CertificateManager"].includes(String(namespace)) ||
      /error-budget|backup-missing|keys-unusable/.test(String(name));
    const slow = alarms.filter(isSlow);
    for (const alarm of alarms) {
      if (!slow.includes(alarm)) expect([periodOf(alarm), alarm["evaluation_periods"], alarm["datapoints_to_alarm"]]).toEqual([60, 1, 1]);
      const seconds = periodOf(alarm) * Number(alarm["evaluation_periods"]) + 120;
      expect(alarm["alarm_description"]).toContain(`Maximum latency: ${seconds} s.`);
    }
    expect(slow).toHaveLength(12);
  });
});

describe("the standby region", () => {
  // The runbook pages are text for people, with the names of both regions.
  const isNoPage = ({ resourceType }: Resource): boolean => resourceType !== "aws_ssm_document";

  it("equals the primary region, resource by resource and value by value, except for what only one of them can have", () => {
    const neutral = (stack: Synthesized, own: string, other: string) =>
      new Map(
        stack
          .all()
          .filter(isNoPage)
          .map((resource) => {
            const text = JSON.stringify(resource)
              .replaceAll(own, "<own>")
              .replaceAll(other, "<other>")
              .replaceAll(/"10\.[01]\./g, '"10.x.');
            const copy = JSON.parse(text) as Resource;
            return [copy.address, copy];
          }),
      );
    const here = neutral(primary, PRIMARY, STANDBY);
    const there = neutral(standby, STANDBY, PRIMARY);
    const absent = [...here.keys()].filter((address) => !there.has(address));
    expect([...there.keys()].filter((address) => !here.has(address))).toEqual([]);
    expect(absent).toEqual(["terraform_data.database_secret-guard_version"]);
    const differing = [...there]
      .filter(([address]) => here.has(address))
      .flatMap(([address, resource]) => {
        const twin = here.get(address) ?? {};
        const keys = new Set([...Object.keys(resource), ...Object.keys(twin)]);
        return [...keys]
          .filter((key) => JSON.stringify(resource[key]) !== JSON.stringify((twin as Resource)[key]))
          .map((key) => `${address}.${key}`);
      });
    expect(differing.sort()).toEqual([
      // Each has its own region's resources where the other has those of the other region.
      "aws_iam_role_policy.canary-<other>_role_permissions.policy",
      "aws_iam_role_policy.region-control_function_role_permissions.policy",
      "aws_iam_role_policy.region-fence_function_role_permissions.policy",
      "aws_iam_role_policy.region-takeover_runbook_role_permissions.policy",
      // Both vaults contain backups of the writer's cluster, and copies of them.
      "aws_lambda_function.backup-verification_function_function.environment",
      // In the order of the regions, too.
      "aws_lambda_function.region-control_function_function.environment",
      "aws_lambda_function.region-fence_function_function.environment",
      // A secondary gets database, user and password from the primary.
      "aws_rds_cluster.aurora.database_name",
      "aws_rds_cluster.aurora.lifecycle",
      "aws_rds_cluster.aurora.master_password_wo",
      "aws_rds_cluster.aurora.master_password_wo_version",
      "aws_rds_cluster.aurora.master_username",
      // A standby is maintained on an earlier day.
      "aws_rds_cluster.aurora.preferred_maintenance_window",
      "aws_rds_cluster.aurora.source_region",
      "aws_rds_cluster_instance.aurora_<own>a.preferred_maintenance_window",
      "aws_rds_cluster_instance.aurora_<own>b.preferred_maintenance_window",
      "aws_rds_cluster_instance.aurora_<own>c.preferred_maintenance_window",
      "aws_sfn_state_machine.rewind_runbook_machine.definition",
      // A standby may not write.
      "aws_ssm_parameter.parameters_service-writes.value",
    ]);
  });

  it("has everything that it needs while the primary is lost: capacity, data, secret, state and the runbook for the takeover", () => {
    expect(standby.only("aws_ecs_service")).toMatchObject({ desired_count: 6 });
    expect(standby.all("aws_rds_cluster_instance")).toHaveLength(3);
    for (const { stack } of REGIONS)
      expect(stack.only("aws_rds_cluster")["global_cluster_identifier"]).toBe(
        preset.stack("global").only("aws_rds_global_cluster")["global_cluster_identifier"],
      );
    expect(preset.stack("global").only("aws_secretsmanager_secret")["replica"]).toMatchObject([{ region: STANDBY }]);
    expect(standby.json["terraform"]).toMatchObject({
      backend: { s3: { region: STANDBY, bucket: "standfast-state-123456789012-us-west-2" } },
    });
    expect(standby.json["provider"]).toMatchObject({ aws: [{ region: STANDBY }] });
    expect(JSON.stringify(standby.json)).not.toContain("terraform_remote_state");
    expect(standby.resource("aws_sfn_state_machine.region-takeover_runbook_machine")).toMatchObject({
      name: "runbook-region-takeover-test-1",
    });
  });
});

describe("the network", () => {
  it("has gateway endpoints for S3 and DynamoDB in every private subnet, which bypass the NAT gateways", () => {
    for (const { name, stack } of REGIONS) {
      const ways = stack.all("aws_vpc_endpoint").filter((endpoint) => endpoint["vpc_endpoint_type"] === "Gateway");
      expect(ways.map((endpoint) => endpoint["service_name"]).sort()).toEqual([
        `com.amazonaws.${name}.dynamodb`,
        `com.amazonaws.${name}.s3`,
      ]);
      const privateTables = stack
        .all("aws_route_table_association")
        .filter(({ subnet_id: subnet }) => (stack.resource(target(subnet))["tags"] as { Tier: string }).Tier !== "public")
        .map((association) => association["route_table_id"]);
      for (const endpoint of ways) expect(new Set(endpoint["route_table_ids"] as string[])).toEqual(new Set(privateTables));
    }
  });
});

describe("the configuration of the application", () => {
  it("is in Parameter Store, below a path of environment and region, read by the tasks, with no secret in it", () => {
    for (const { name, stack } of REGIONS) {
      const parameters = stack.all("aws_ssm_parameter");
      expect(parameters.map((parameter) => String(parameter["name"]).replace(`/standfast/test-1/${name}/`, "")).sort()).toEqual([
        "database/cluster-identifier",
        "database/name",
        "database/port",
        "database/reader-endpoint",
        "database/secret-arn",
        "service/writes",
        "sessions/store",
      ]);
      expect(parameters.filter(({ value }) => /password/i.test(String(value)))).toEqual([]);
      for (const parameter of ["reader-endpoint", "port", "name"])
        expect(containers(stack)).toContain(parameterArn(`database/${parameter}`, name));
    }
    const written = preset.stack("global").all("aws_ssm_parameter");
    expect(written.map((parameter) => [parameter["provider"], parameter["name"]])).toEqual([
      ["aws", "/standfast/test-1/us-east-1/database/global-writer-endpoint"],
      ["aws.us-west-2", "/standfast/test-1/us-west-2/database/global-writer-endpoint"],
    ]);
  });
});

describe("names", () => {
  const namesOf = (all: Iterable<Synthesized>): { readonly what: string; readonly name: string }[] =>
    [...all].flatMap((stack) =>
      stack.all().flatMap((resource) =>
        Object.entries({ ...resource, "tags.Name": (resource["tags"] as { Name?: string } | undefined)?.Name })
          .filter(
            ([key, value]) =>
              /(^|_|\.)(name|identifier|family|bucket|Name)$/.test(key) && typeof value === "string" && !value.includes("${"),
          )
          .map(([key, value]) => ({ what: `${resource.resourceType}.${key}`, name: String(value) })),
      ),
    );

  it("differ from those of an environment with another suffix, except for AWS's own names, names inside a database, and public names", () => {
    const names = namesOf(preset.stacks.values());
    const other = { preset: PRESET, environment_suffix: "test-2" };
    const others = new Set(
      namesOf([globalStack(other), regionStack(other), regionStack(other, 1), failoverStack(other)]).map(({ name }) => name),
    );
    expect(names.length).toBeGreaterThan(200);
    const shared = new Set(names.filter(({ name }) => others.has(name)).map(({ what }) => what));
    expect([...shared].sort()).toEqual([
      "aws_acm_certificate.domain_name",
      "aws_cloudwatch_metric_alarm.metric_name",
      "aws_db_parameter_group.family",
      "aws_rds_cluster.database_name",
      "aws_rds_cluster_parameter_group.family",
      "aws_route53_record.name",
      "aws_route53_record.set_identifier",
      "aws_vpc_endpoint.service_name",
    ]);
  });

  it("begin with the type of the resource, and end with the suffix, and with account and region where they are needed", () => {
    for (const { name, stack } of REGIONS) {
      expect(stack.only("aws_lb")["name"]).toBe("alb-test-1");
      expect(stack.only("aws_ecs_service")["name"]).toBe("service-test-1");
      expect(stack.resource("aws_sns_topic.alerts_topic")["name"]).toBe("topic-alerts-test-1");
      expect(stack.only("aws_rds_cluster")["cluster_identifier"]).toBe(`aurora-test-1-${name}`);
      expect(stack.all("aws_s3_bucket").map(({ bucket }) => bucket)).toEqual(
        ["access-logs", "canary-results"].map((holds) => `bucket-${holds}-test-1-123456789012-${name}`),
      );
    }
  });

  it("and values contain no environment such as prod, dev or staging", () => {
    for (const [name, { json }] of preset.stacks) {
      const words = JSON.stringify(json)
        .replaceAll(/\/dev\/(null|stdout)/g, "")
        .match(/\b(prod|production|dev|development|staging)\b/gi);
      expect([name, words]).toEqual([name, null]);
    }
  });
});

describe("functions", () => {
  it("run on Node.js 22, with version 3 of the AWS SDK and no other", () => {
    for (const lambda of preset.all("aws_lambda_function"))
      expect(lambda).toMatchObject({ runtime: "nodejs22.x", handler: expect.stringMatching(/^index\.(handler|fence)$/) as unknown });
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as Record<string, object>;
    const packages = Object.keys({ ...dependencies, ...devDependencies });
    expect(packages).not.toContain("aws-sdk");
    expect(packages).toContain("@aws-sdk/client-rds");
  });
});

describe("the instructions", () => {
  it("deploy every stack in its order, and destroy in reverse", () => {
    const names = [...preset.stacks.keys()];
    expect(page("README.md")).toContain(`npx cdktf deploy ${names.join(" ")}\n`);
    expect(page("docs/deploy.md")).toContain(`npx cdktf deploy ${names.join(" ")} `);
    expect(page("docs/destroy.md")).toContain(`npx cdktf destroy ${names.join(" ")} `);
    expect(page("docs/destroy.md")).toContain(`terraform destroy, stack by stack: ${[...names].reverse().join(", ")}`);
  });

  it("state how long Aurora takes, and no resource has a shorter timeout than the provider's default", () => {
    expect(page("docs/deploy.md")).toContain("A first deploy of a region takes 15 to 30 minutes, most of it Aurora.");
    expect(page("README.md")).toContain("a first deployment 15 to 30 minutes a region, most of it Aurora");
    const databases = [
      ...preset.all("aws_rds_global_cluster"),
      ...preset.all("aws_rds_cluster"),
      ...preset.all("aws_rds_cluster_instance"),
    ];
    expect(databases).toHaveLength(9);
    expect(databases.filter((resource) => "timeouts" in resource)).toEqual([]);
  });
});

function cidr(text: unknown): Cidr {
  const parsed = parseCidr(String(text));
  if (!parsed) throw new Error(`${String(text)} is no range`);
  return parsed;
}

/** Whether a range contains all of another. */
function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && overlaps(outer, inner);
}
