import { describe, expect, it } from "@jest/globals";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { prove } from "../../prove/claims";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { fromPlan } from "../../prove/graph/plan";
import { parsePlan, type PlanJson } from "../../prove/graph/plan-json";
import { readStacks } from "../../prove/graph/read";
import { CONFIGURATIONS } from "../support/configurations";
import { stacksOf } from "./platforms";

const FILE = resolve(__dirname, "other-projects", "plan", "plan.json");
const PLAN = parsePlan(FILE, readFileSync(FILE));
const temporary = (): string => mkdtempSync(join(tmpdir(), "standfast-plan-"));

describe("a plan of Terraform with modules", () => {
  const json = fromPlan(PLAN);
  const graph = new Graph("web", json);
  const values = (address: string) => graph.all().find((resource) => resource.address === address)?.values;

  it("has a resource for each instance, in modules too", () => {
    expect(graph.all("aws_subnet").map(({ address }) => address)).toEqual([
      ...["eu-west-1a", "eu-west-1b", "eu-west-1c"].map((zone) => `module.network.aws_subnet.database["${zone}"]`),
      ...[0, 1, 2].map((index) => `module.network.aws_subnet.private[${index}]`),
      ...[0, 1, 2].map((index) => `module.network.aws_subnet.public[${index}]`),
    ]);
    expect(graph.all("aws_security_group").map(({ address }) => address)).toContain('module.database["ledger"].aws_security_group.this');
  });

  it("keeps what is known, and refers to what is not", () => {
    expect(values("aws_ecs_service.web")).toMatchObject({
      desired_count: 6,
      task_definition: "${aws_ecs_task_definition.web.arn}",
      load_balancer: [{ container_name: "web", target_group_arn: "${aws_lb_target_group.web.arn}" }],
      network_configuration: [{ security_groups: ['${aws_security_group.web["tasks"].id}'] }],
    });
    expect(values("module.network.aws_route_table.public")?.["route"]).toEqual([
      { cidr_block: "0.0.0.0/0", gateway_id: "${module.network.aws_internet_gateway.this.id}" },
    ]);
    // A known name is a reference where it is another resource's, and an engine is not.
    expect(values('module.database["ledger"].aws_rds_cluster.this')).toMatchObject({
      db_subnet_group_name: '${module.database["ledger"].aws_db_subnet_group.this.name}',
    });
    expect(values('module.database["ledger"].aws_rds_cluster_instance.this["eu-west-1a"]')).toMatchObject({ engine: "aurora-postgresql" });
  });

  it("follows an index, a key, and variables and outputs of modules", () => {
    expect(values("module.network.aws_route_table_association.private[2]")).toEqual({
      subnet_id: "${module.network.aws_subnet.private[2].id}",
      route_table_id: "${module.network.aws_route_table.private[2].id}",
    });
    // element() begins again behind the last.
    expect(values("module.network.aws_route.private[1]")?.["nat_gateway_id"]).toBe("${module.network.aws_nat_gateway.this[0].id}");
    expect(values('module.network.aws_route_table_association.database["eu-west-1b"]')?.["subnet_id"]).toBe(
      '${module.network.aws_subnet.database["eu-west-1b"].id}',
    );
    expect(graph.targets(values("aws_ecs_service.web")?.["network_configuration"]).length).toBe(1);
    expect(graph.targets(values("aws_lb.web")?.["subnets"]).map((target) => target?.address)).toEqual(
      [0, 1, 2].map((index) => `module.network.aws_subnet.public[${index}]`),
    );
    expect(graph.targets(values('module.database["ledger"].aws_db_subnet_group.this')?.["subnet_ids"])).not.toContain(undefined);
    expect(values('module.database["ledger"].aws_security_group.this')?.["ingress"]).toMatchObject([
      { security_groups: ['${aws_security_group.web["tasks"].id}'] },
    ]);
  });

  it("leaves open what it does not say: documents with unknown parts, and local values", () => {
    expect(values("aws_iam_role_policy.task")?.["policy"]).toBe("${unknown(aws_sns_topic.events.arn)}");
    expect(graph.document(values("aws_iam_role_policy.task")?.["policy"])).toBeUndefined();
    expect(values("module.network.aws_internet_gateway.this")?.["vpc_id"]).toBe("${unknown(local.vpc_id)}");
    expect(graph.document(values("aws_iam_role.task")?.["assume_role_policy"])).toHaveProperty("Statement");
    // A text of the plan is literal: it is no expression.
    expect(values("aws_ecs_task_definition.web")?.["container_definitions"]).toContain("$${account}");
  });

  it("never has a sensitive value", () => {
    expect(JSON.stringify(PLAN)).toContain("not-for-the-graph");
    expect(JSON.stringify(json)).not.toContain("not-for-the-graph");
    expect(JSON.stringify(json.provider)).not.toContain("secret");
    expect(values('module.database["ledger"].aws_rds_cluster.this')).toMatchObject({ master_password: "${sensitive}" });
  });

  it("is decided: one NAT gateway for three zones is found", () => {
    const results = prove([graph]);
    expect(results.find(({ id }) => id === "Z2")).toMatchObject({
      status: "refuted",
      because:
        "The loss of eu-west-1a takes the way to the internet from module.network.aws_subnet.private[1] in eu-west-1b, which uses module.network.aws_nat_gateway.this[0].",
    });
    for (const id of ["Z1", "Z3", "Z4", "Z5", "Z8", "R1", "R2", "R3", "R4", "R5"])
      expect(results.find((result) => result.id === id)).toMatchObject({ id, status: "proven" });
  });

  it("takes expressions of the same stack's JSON in the place of unknown values", () => {
    const policy = '${jsonencode({ Statement = [{ Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.events.arn }] })}';
    const source: TerraformJson = {
      variable: { region: {} },
      resource: { aws_iam_role_policy: { task: { policy, lifecycle: { prevent_destroy: true } } } },
    };
    const both = new Graph("web", fromPlan(PLAN, source));
    const [found] = both.all("aws_iam_role_policy");
    expect(both.document(found?.values["policy"])).toEqual({
      Statement: [{ Effect: "Allow", Action: "sns:Publish", Resource: "${aws_sns_topic.events.arn}" }],
    });
    expect(found?.values).toHaveProperty("lifecycle");
    expect(both.text("${var.region}")).toBe("eu-west-1");
  });
});

describe("a plan", () => {
  const resource = (address: string, values: object, more: object = {}) => {
    const [type = "", name = ""] = address.split(".");
    return { address, mode: "managed" as const, type, name, values, ...more };
  };
  const graphOf = (plan: object): Graph => new Graph("main", fromPlan({ format_version: "1.2", ...plan }));

  it("of deployed resources refers by their ids", () => {
    const graph = graphOf({
      planned_values: {
        root_module: {
          resources: [
            resource("aws_subnet.a", { id: "subnet-0123456789abcdef0" }),
            resource("aws_lb.web", {
              id: "arn:aws:elasticloadbalancing:x",
              subnets: ["subnet-0123456789abcdef0", "subnet-0000000000000000f"],
            }),
          ],
        },
      },
      configuration: {
        root_module: {
          resources: [{ mode: "managed", type: "aws_lb", name: "web", expressions: { subnets: { references: ["local.ids"] } } }],
        },
      },
    });
    expect(graph.all("aws_lb")[0]?.values).toMatchObject({ subnets: ["${aws_subnet.a.id}", "subnet-0000000000000000f"] });
  });

  it("matches blocks of a set by their constants, and refers to all where no key decides", () => {
    const block = (cidr: string, references: readonly string[]) => ({ cidr_block: { constant_value: cidr }, gateway_id: { references } });
    const graph = graphOf({
      planned_values: {
        root_module: {
          resources: [
            resource("aws_internet_gateway.one", {}),
            resource("aws_internet_gateway.two", {}),
            resource("aws_subnet.n", {}, { address: "aws_subnet.n[0]", index: 0 }),
            resource("aws_subnet.n", {}, { address: "aws_subnet.n[1]", index: 1 }),
            resource("aws_route_table.main", { route: [{ cidr_block: "10.0.0.0/8" }, { cidr_block: "0.0.0.0/0" }] }),
            resource("aws_lb.web", {}),
          ],
        },
      },
      resource_changes: [
        { address: "aws_route_table.main", change: { after_unknown: { route: [{ gateway_id: true }, { gateway_id: true }] } } },
        { address: "aws_lb.web", change: { after_unknown: { subnets: true, subnet_id: true, name: true } } },
        { address: "aws_lb.web", deposed: "1234", change: { after_unknown: {} } },
      ],
      configuration: {
        root_module: {
          resources: [
            {
              mode: "managed",
              type: "aws_route_table",
              name: "main",
              expressions: {
                route: [
                  block("0.0.0.0/0", ["aws_internet_gateway.one.id", "aws_internet_gateway.one"]),
                  block("10.0.0.0/8", ["aws_internet_gateway.two.id", "aws_internet_gateway.two"]),
                ],
              },
            },
            {
              mode: "managed",
              type: "aws_lb",
              name: "web",
              expressions: {
                subnets: { references: ["aws_subnet.n"] },
                subnet_id: { references: ["aws_subnet.n", "var.index"] },
                name: { references: ["aws_subnet.n", "aws_internet_gateway.one.id"] },
              },
            },
          ],
        },
      },
    });
    expect(graph.all("aws_route_table")[0]?.values["route"]).toEqual([
      { cidr_block: "10.0.0.0/8", gateway_id: "${aws_internet_gateway.two.id}" },
      { cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.one.id}" },
    ]);
    const both = ["${aws_subnet.n[0].id}", "${aws_subnet.n[1].id}"];
    expect(graph.all("aws_lb")[0]?.values).toMatchObject({ subnets: both, subnet_id: both });
    expect(graph.all("aws_lb")[0]?.values["name"]).toMatch(/^\$\{unknown\(aws_subnet\.n\[0\]\.id, /);
  });

  it("has the data sources that Terraform has read, and its providers", () => {
    const graph = graphOf({
      variables: { region: { value: "eu-west-3" }, account: { value: "123456789012" } },
      planned_values: { root_module: {} },
      prior_state: {
        values: {
          root_module: {
            resources: [
              {
                ...resource("aws_caller_identity.me", { account_id: "210987654321" }),
                mode: "data",
                address: "data.aws_caller_identity.me",
              },
            ],
          },
        },
      },
      configuration: {
        provider_config: {
          aws: {
            name: "aws",
            expressions: { region: { references: ["var.region"] }, default_tags: [{ tags: { constant_value: { a: "b" } } }] },
          },
          "aws.other": { name: "aws", alias: "other", expressions: { region: { constant_value: "eu-west-2" } } },
          "module.a:aws": { name: "aws", module_address: "module.a", expressions: { region: { constant_value: "us-east-1" } } },
        },
      },
    });
    expect(graph.region).toBe("eu-west-3");
    expect(graph.json.provider?.["aws"]).toEqual([
      { region: "eu-west-3", default_tags: [{ tags: { a: "b" } }] },
      { alias: "other", region: "eu-west-2" },
    ]);
    expect(graph.text("${data.aws_caller_identity.me.account_id}")).toBe("210987654321");
  });

  it("has an empty list for each kind of block that there is none of, which is no block", () => {
    const graph = graphOf({
      planned_values: {
        root_module: {
          resources: [
            resource("aws_cloudwatch_metric_alarm.rate", {
              alarm_name: "rate",
              metric_query: [{ id: "share", expression: "errors / requests", metric: [], return_data: true }],
            }),
          ],
        },
      },
    });
    expect(graph.all("aws_cloudwatch_metric_alarm")[0]?.values["metric_query"]).toEqual([
      { id: "share", expression: "errors / requests", return_data: true },
    ]);
  });

  it("may be a state: what depends on a resource and has its name refers to it", () => {
    const graph = graphOf({
      values: {
        root_module: {
          child_modules: [
            {
              address: "module.db",
              resources: [
                resource("aws_rds_cluster.this", { id: "ledger", engine: "aurora-mysql" }, { address: "module.db.aws_rds_cluster.this" }),
                resource(
                  "aws_rds_cluster_instance.this",
                  { cluster_identifier: "ledger", engine: "aurora-mysql", tags: null },
                  {
                    address: "module.db.aws_rds_cluster_instance.this",
                    depends_on: ["module.db.aws_rds_cluster.this"],
                  },
                ),
              ],
            },
          ],
        },
      },
    });
    expect(graph.all("aws_rds_cluster_instance")[0]?.values).toEqual({
      cluster_identifier: "${module.db.aws_rds_cluster.this.id}",
      engine: "aurora-mysql",
    });
    expect(graphOf({}).all()).toEqual([]);
  });
});

/** A plan as Terraform makes it of a stack without count, for_each and modules: what refers to a resource is unknown. */
function planOf(json: TerraformJson): PlanJson {
  const isUnknown = (value: unknown): boolean => typeof value === "string" && value.includes("${");
  const known = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => (isUnknown(item) ? null : known(item)));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (isUnknown(item) ? [] : [[key, known(item)]])));
  };
  const unknown = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return isUnknown(value);
    return Array.isArray(value) ? value.map(unknown) : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unknown(item)]));
  };
  const isBlock = (value: unknown): boolean => typeof value === "object" && value !== null;
  const expression = (value: unknown): unknown => {
    if (Array.isArray(value) && value.some(isBlock)) return value.map(expressions);
    if (isBlock(value) && !Array.isArray(value)) return expressions(value);
    const text = JSON.stringify(value);
    const references = [...text.matchAll(/((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[\w-]+)\.[\w-]+/g)].flatMap(([whole, address = ""]) => [
      whole,
      address,
    ]);
    return text.includes("${") ? { references } : { constant_value: value };
  };
  const expressions = (values: unknown) =>
    Object.fromEntries(Object.entries(values as object).map(([key, value]) => [key, expression(value)]));
  const resources = Object.entries(json.resource ?? {}).flatMap(([type, all]) =>
    Object.entries(all).map(([name, body]) => ({
      address: `${type}.${name}`,
      mode: "managed" as const,
      type,
      name,
      values: Object.fromEntries(Object.entries(body).filter(([argument]) => argument !== "lifecycle")),
    })),
  );
  return {
    format_version: "1.2",
    planned_values: {
      root_module: { resources: resources.map((one) => ({ ...one, values: known(one.values) as Record<string, unknown> })) },
    },
    resource_changes: resources.map(({ address, values }) => ({ address, change: { after_unknown: unknown(values) } })),
    configuration: { root_module: { resources: resources.map(({ values, ...one }) => ({ ...one, expressions: expressions(values) })) } },
  };
}

describe("the plan of a region of a platform", () => {
  const stacks = stacksOf(CONFIGURATIONS["hot-standby"] ?? {});
  const decide = (change: (name: string, json: TerraformJson) => TerraformJson) =>
    prove(stacks.map(([name, json]) => new Graph(name, change(name, json)))).map(({ id, status }) => [id, status] as const);
  const plain = decide((_, json) => json);

  it("is decided as its JSON is", () => {
    expect(decide((_, json) => fromPlan(planOf(json), json))).toEqual(plain);
  });

  it("is decided about zones and ways also without its JSON", () => {
    const inPlan = new Map(
      decide((_, { provider, variable, locals, ...json }) => ({
        ...fromPlan(planOf(json)),
        provider: provider ?? {},
        variable: variable ?? {},
        locals: locals ?? {},
      })),
    );
    for (const [id, status] of plain.filter(([id]) => ["Z1", "Z2", "Z3", "Z4", "Z5", "Z8", "R1", "R3", "R4", "R5"].includes(id)))
      expect([id, inPlan.get(id)]).toEqual([id, status]);
  });
});

describe("--plan", () => {
  it("is a stack with the name of its file, or with another, and replaces the stack of the same name", () => {
    const folder = temporary();
    mkdirSync(join(folder, "web"));
    mkdirSync(join(folder, "global"));
    for (const name of ["web", "global"])
      writeFileSync(join(folder, name, "main.tf.json"), JSON.stringify({ resource: { aws_vpc: { [name]: {} } } }));
    const file = join(folder, "web.tfplan.json");
    writeFileSync(file, JSON.stringify(PLAN));
    const names = (...plans: string[]) =>
      readStacks({ folder, plans }).map(({ name, json }) => [name, Object.keys(json.resource ?? {}).length > 1]);
    expect(names(file)).toEqual([
      ["global", false],
      ["web", true],
    ]);
    expect(names(`other=${file}`)).toEqual([
      ["global", false],
      ["web", false],
      ["other", true],
    ]);
    expect(readStacks({ plans: [file] }).map(({ name }) => name)).toEqual(["web"]);
    expect(() => names(file, file)).toThrow("Two plans are of the stack web. Name them with --plan NAME=FILE.");
  });

  it.each([
    ["PK\u0003\u0004binary", "is a binary plan: run terraform show -json "],
    ["{", "is not JSON:"],
    ["[]", "is neither a plan nor a state: it has no format_version. Write it with terraform show -json."],
    ["null", "is neither a plan nor a state: it has no format_version."],
    ['{"format_version": "2.0"}', "has the format_version 2.0: only 0.x and 1.x can be read."],
    ['{"format_version": "1.2", "errored": true}', "is an incomplete plan: terraform plan ended with an error."],
    ['{"format_version": "1.0", "values": {"root_module": {"resources": 3}}}', "is not written by terraform show -json: "],
    ['{"format_version": "1.0", "provider_schemas": {}}', "is neither a plan nor a state: it has no resources."],
  ])("refuses %j with a sentence", (content, sentence) => {
    const file = join(temporary(), "x.json");
    writeFileSync(file, content);
    expect(() => readStacks({ plans: [file] })).toThrow(`${file} ${sentence}`);
  });

  it("reads what PowerShell writes", () => {
    const file = join(temporary(), "x.json");
    writeFileSync(file, Buffer.from(`\uFEFF${JSON.stringify(PLAN)}`, "utf16le"));
    expect(readStacks({ plans: [file] })[0]?.all("aws_subnet")).toHaveLength(9);
    expect(() => readStacks({ plans: ["no-such-file.json"] })).toThrow("no-such-file.json cannot be read:");
  });
});
