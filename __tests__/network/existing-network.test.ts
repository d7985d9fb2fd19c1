import { describe, expect, it } from "@jest/globals";
import { compositeAlarms } from "../../stacks/composite-alarms";
import { aConfig, CLOSED_EGRESS, EVERYTHING, existingVpc, inExistingVpcs, ONE_REGION, twoRegions, ZONES } from "../support/config";
import { everyStack, oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const IN_VPC = { regions: inExistingVpcs(ONE_REGION.regions) };
const vpc = existingVpc();
const region = oneRegion({ ...EVERYTHING, ...IN_VPC });

/** What belongs to the owner of a network. */
const OF_OWNER = [
  "aws_vpc",
  "aws_subnet",
  "aws_internet_gateway",
  "aws_nat_gateway",
  "aws_eip",
  "aws_route_table",
  "aws_route",
  "aws_route_table_association",
  "aws_main_route_table_association",
  "aws_network_acl",
  "aws_network_acl_rule",
  "aws_default_security_group",
  "aws_flow_log",
];

const preconditions = (stack: Synthesized): readonly { readonly condition: string; readonly error_message: string }[] =>
  (stack.resource("terraform_data.network_requirements")["lifecycle"] as { precondition: [] }).precondition;
const messages = (stack: Synthesized): string =>
  preconditions(stack)
    .map(({ error_message }) => error_message)
    .join("\n");

describe("a network that exists", () => {
  it("gets no VPC, subnet, route, NAT gateway, network ACL, default security group or flow log, and no gateway endpoint", () => {
    expect(OF_OWNER.filter((type) => oneRegion(EVERYTHING).all(type).length === 0)).toEqual(["aws_main_route_table_association"]);
    expect(OF_OWNER.filter((type) => region.all(type).length > 0)).toEqual([]);
    expect(region.all("aws_vpc_endpoint").filter((endpoint) => endpoint["vpc_endpoint_type"] !== "Interface")).toEqual([]);
  });

  it("gets the interface endpoints that are configured, in the application subnets", () => {
    const endpoints = region.all("aws_vpc_endpoint");
    expect(endpoints.length).toBeGreaterThan(5);
    for (const endpoint of endpoints) expect(endpoint).toMatchObject({ vpc_id: vpc.id, subnet_ids: vpc.application_subnet_ids });
    expect(oneRegion({ ...EVERYTHING, ...IN_VPC, network: { interface_endpoints: false } }).all("aws_vpc_endpoint")).toEqual([]);
  });

  it("has the load balancer in its public, the tasks in its application and the stores in its data subnets", () => {
    expect(region.only("aws_lb")["subnets"]).toEqual(vpc.public_subnet_ids);
    for (const service of region.all("aws_ecs_service"))
      expect(service["network_configuration"]).toMatchObject({ subnets: vpc.application_subnet_ids });
    expect(region.only("aws_db_subnet_group")["subnet_ids"]).toEqual(vpc.data_subnet_ids);
    expect(region.only("aws_elasticache_subnet_group")["subnet_ids"]).toEqual(vpc.data_subnet_ids);
    expect(new Set(region.all("aws_security_group").map((group) => group["vpc_id"]))).toEqual(new Set([vpc.id]));
  });

  it("is checked before the load balancer and the services are created", () => {
    const requirements = "terraform_data.network_requirements";
    expect(region.only("aws_lb")["depends_on"]).toContain(requirements);
    for (const service of region.all("aws_ecs_service")) expect(service["depends_on"]).toContain(requirements);
  });

  it("is reached on the port of HTTPS: AWS's prefix lists of S3 and DynamoDB, and the configured ranges", () => {
    const toOutside = region.all("aws_vpc_security_group_egress_rule").filter((rule) => !("referenced_security_group_id" in rule));
    const destinations = toOutside.map((rule) => rule["prefix_list_id"] ?? rule["cidr_ipv4"]);
    expect(new Set(destinations)).toEqual(
      new Set(["${data.aws_prefix_list.network_s3.id}", "${data.aws_prefix_list.network_dynamodb.id}", "0.0.0.0/0"]),
    );
    for (const rule of toOutside)
      expect(rule).toMatchObject({ from_port: 443, to_port: 443, description: expect.stringMatching(/, through the existing VPC$/) });
  });

  it("has the IDs of its zones from its public subnets, for zonal shifts", () => {
    const definitions = JSON.stringify(region.all("aws_sfn_state_machine"));
    for (const subnet of vpc.public_subnet_ids)
      expect(definitions.replaceAll(/\\+"/g, '"')).toContain(`try(data.aws_subnet.network_subnet["${subnet}"].availability_zone_id, "")`);
  });

  it("has no alarm or widget of a NAT gateway or of flow logs, and the platform's heartbeat has a metric of the load balancer", () => {
    const mentions = region.all().filter((resource) => /AWS\/NATGateway|flow-logs/.test(JSON.stringify(resource)));
    // The runbook is the same in all environments.
    expect(mentions.map(({ address }) => address)).toEqual(["aws_ssm_document.runbook-pages_zone"]);
    const alive = region
      .all("aws_cloudwatch_metric_alarm")
      .flatMap((alarm) => (alarm["metric_query"] ?? []) as { id: string; metric?: object }[])
      .filter(({ id }) => id === "alive");
    expect(alive).toHaveLength(2);
    for (const { metric } of alive)
      expect(metric).toMatchObject({
        namespace: "AWS/ApplicationELB",
        metric_name: "ConsumedLCUs",
        stat: "SampleCount",
        dimensions: { LoadBalancer: "${aws_lb.load-balancer_alb.arn_suffix}" },
      });
  });

  it.each(["hot", "warm", "pilot-light"])("has the composite alarms that the failover stack shows, in a %s standby too", (standby) => {
    const overrides = { ...twoRegions(standby), regions: inExistingVpcs(twoRegions(standby).regions) };
    const config = aConfig(overrides);
    config.regions.forEach((platformRegion, index) => {
      const zones = compositeAlarms(config, platformRegion).filter((name) => /^zone-[^-]+-[^-]+-\d[a-z]$/.test(name));
      const names = regionStack(overrides, index)
        .all("aws_cloudwatch_composite_alarm")
        .map((alarm) => String(alarm["alarm_name"]));
      for (const zone of platformRegion.availabilityZones)
        expect([zone, names.some((name) => name.includes(`zone-${zone}-test`))]).toEqual([zone, zones.includes(`zone-${zone}`)]);
    });
  });

  it("changes no other stack: the failover and the global stack have nothing of it", () => {
    const stacks = everyStack({ ...twoRegions("hot"), regions: inExistingVpcs(twoRegions("hot").regions) });
    for (const name of ["global", "failover"]) expect(JSON.stringify(stacks.get(name)?.json["data"] ?? {})).not.toMatch(/aws_(vpc|subnet)/);
  });
});

describe("the requirements on a network that exists", () => {
  it("are looked up by lists, which are empty where something is missing, so that a destroy does not fail", () => {
    const data = region.json["data"] as Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
    for (const type of ["aws_vpc", "aws_subnet", "aws_route_table"])
      for (const source of Object.values(data[type] ?? {})) expect(source["for_each"]).toMatch(/^\$\{toset\(.*data\.aws_\w+s\./);
    expect(
      Object.keys(data)
        .filter((type) => /vpc|subnet|route_/.test(type))
        .sort(),
    ).toEqual([...["aws_route_table", "aws_route_tables", "aws_subnet", "aws_subnets", "aws_vpc", "aws_vpcs"]]);
  });

  it("are a default route for tasks, a gateway endpoint of S3, or neither, as the destinations of the tasks are all, none or some", () => {
    const withCidrs = (...outbound_cidrs: string[]): string =>
      messages(oneRegion({ ...IN_VPC, ...CLOSED_EGRESS, network: { interface_endpoints: true, outbound_cidrs } }));
    const [defaultRoute, endpoint] = ["tasks would reach neither a registry nor AWS", "no route to a gateway endpoint of S3"];
    expect(withCidrs("0.0.0.0/0")).toContain(defaultRoute);
    expect(withCidrs("0.0.0.0/0")).not.toContain(endpoint);
    expect(withCidrs()).toContain(endpoint);
    expect(withCidrs()).not.toContain(defaultRoute);
    expect(withCidrs("10.0.0.0/8")).not.toContain(defaultRoute);
    expect(withCidrs("10.0.0.0/8")).not.toContain(endpoint);
  });

  it("are that the account owns the VPC, only where the platform creates endpoints in it", () => {
    const text = "which alone can create endpoints in it";
    expect(messages(oneRegion({ ...IN_VPC, network: { interface_endpoints: true } }))).toContain(text);
    expect(messages(oneRegion({ ...IN_VPC, network: { interface_endpoints: false } }))).not.toContain(text);
  });

  it("are addresses for twice the tasks of the primary region, and for as many as run where the platform is deployed", () => {
    const needed = (stack: Synthesized): string => preconditions(stack).at(-1)?.condition ?? "";
    expect(needed(oneRegion(IN_VPC))).toContain("length(data.aws_security_groups.network_task-security-group.ids) > 0 ? 6 : 12");
    const pilotLight = { ...twoRegions("pilot-light"), regions: inExistingVpcs(twoRegions("pilot-light").regions) };
    expect(needed(regionStack(pilotLight, 1))).toContain("> 0 ? 6 : 12");
    const data = oneRegion(IN_VPC).json["data"] as { aws_security_groups: { "network_task-security-group": { filter: unknown } } };
    const service = oneRegion(IN_VPC)
      .all("aws_security_group")
      .find(({ address }) => address === "aws_security_group.service_security-group_group");
    expect(data.aws_security_groups["network_task-security-group"].filter).toEqual([
      { name: "vpc-id", values: [vpc.id] },
      { name: "group-name", values: [service?.["name"]] },
    ]);
  });

  it("are that the VPC, its zones and the data subnets are those of the first apply, or appended", () => {
    const own = oneRegion();
    const address = "terraform_data.network_first-range";
    // One address for both kinds of network: a change from one to the other finds the value of the first apply.
    expect(own.resource(address)).toMatchObject({ input: { value: "10.0.0.0/16" }, lifecycle: { ignore_changes: ["input"] } });
    expect(region.resource(address)).toMatchObject({
      input: { value: `of the existing VPC ${vpc.id}` },
      lifecycle: { ignore_changes: ["input"] },
    });
    expect(
      preconditions(region)
        .slice(0, 3)
        .map(({ condition }) => condition),
    ).toEqual([
      `\${${address}.output.value == "of the existing VPC ${vpc.id}"}`,
      `\${startswith("${ZONES.join(",")},", "\${terraform_data.network_first-zones.output.value},")}`,
      `\${startswith("${vpc.data_subnet_ids.join(",")},", "\${terraform_data.network_first-data-subnets.output.value},")}`,
    ]);
  });

  it("each have a sentence with what is missing and a correction", () => {
    for (const { error_message } of preconditions(region))
      expect(error_message.replaceAll(/\$\{.*?\}/g, "…")).toMatch(
        /\. (Correct vpc|Restore|The owner of the network|Name larger|Zones can be|Subnets can be|Set network)/,
      );
  });
});

describe("the tasks of a platform in an existing VPC", () => {
  it("are replaced by nothing that a look-up finds: no argument of a service or a store depends on one", () => {
    for (const type of [
      "aws_ecs_service",
      "aws_ecs_task_definition",
      "aws_rds_cluster",
      "aws_db_subnet_group",
      "aws_lb",
      "aws_security_group",
    ])
      for (const resource of region.all(type)) expect(JSON.stringify(resource)).not.toMatch(/data\.aws_(vpc|subnet|route)/);
  });
});
