import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "@cdktf/hcl2json";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CLAIMS, prove } from "../../prove/claims";
import type { Result } from "../../prove/claims/claim";
import { Graph } from "../../prove/graph/graph";
import { normalized } from "../../prove/graph/merge";

const FOLDER = join(__dirname, "other-projects");
const PROJECTS = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".tf"))
  .map((file) => file.replace(".tf", ""));

describe("a public configuration", () => {
  const results = new Map<string, readonly Result[]>();
  const graphs = new Map<string, Graph>();
  const of = (project: string, claim: string): Result | undefined => results.get(project)?.find(({ id }) => id === claim);

  beforeAll(async () => {
    for (const project of PROJECTS) {
      const json = await parse("main.tf", readFileSync(join(FOLDER, `${project}.tf`), "utf8"));
      const graph = new Graph("main", normalized(json));
      graphs.set(project, graph);
      results.set(project, prove([graph]));
    }
  });

  it("is read without a crash, by every claim", () => {
    expect(PROJECTS.length).toBeGreaterThanOrEqual(5);
    for (const project of PROJECTS) expect(results.get(project)?.map(({ id }) => id)).toEqual(CLAIMS.map(({ id }) => id));
  });

  it("names its original and the license", () => {
    for (const project of PROJECTS)
      expect(readFileSync(join(FOLDER, `${project}.tf`), "utf8")).toMatch(/^# .*\n?(# )?.*\((both )?(Apache-2\.0|MPL-2\.0)\)/m);
  });

  it.each([
    ["vpc-complete", "Z3", "aws_subnet.database[0] has a route to 0.0.0.0/0, by nat."],
    [
      "ecs-fargate",
      "Z2",
      'The loss of ${data.aws_availability_zones.available.names[0]} takes the way to the internet from aws_subnet.private["az1"] in ${data.aws_availability_zones.available.names[1]}, which uses aws_nat_gateway.this.',
    ],
    ["ecs-fargate", "Z5", "aws_ecs_service.this runs 2 tasks in 3 zones: fewer than 2 in one of them."],
    ["ecs-fargate", "R1", "No security group of aws_lb.this allows 0.0.0.0/0 on port 443."],
    ["rds-aurora-global", "R5", "aws_security_group.primary lets 10.0.3.0/24 in."],
    ["s3-elasticache", "R5", "aws_security_group.cache lets 10.0.0.0/16 in."],
    ["two-tier", "Z1", "aws_lb.web has subnets in us-west-2a, us-west-2b: fewer than 3 zones."],
    ["two-tier", "Z4", "The loss of us-west-2a takes every instance of aws_rds_cluster.default."],
  ])("%s has a weakness that %s finds", (project, claim, sentence) => {
    expect(of(project, claim)).toMatchObject({ status: "refuted" });
    expect(of(project, claim)?.evidence.map((line) => line.replace("main: ", ""))).toContain(sentence);
  });

  it.each([
    ["vpc-complete", { Z1: "proven", Z2: "not-applicable", R1: "not-applicable", R5: "not-applicable" }],
    ["ecs-fargate", { Z1: "proven", R2: "proven", R4: "proven", Z3: "not-applicable", Z4: "not-applicable" }],
    ["rds-aurora-global", { Z1: "proven", Z3: "proven", Z4: "unknown", Z5: "not-applicable" }],
    ["alb-complete", { Z1: "unknown", Z8: "unknown", R1: "unknown", Z4: "unknown" }],
    ["s3-elasticache", { Z1: "proven", Z3: "proven", Z4: "not-applicable" }],
    ["two-tier", { R1: "proven", Z2: "not-applicable" }],
  ])("%s is decided as far as claims apply", (project, statuses) => {
    for (const [claim, status] of Object.entries(statuses)) expect(of(project, claim)).toMatchObject({ id: claim, status });
  });

  it("has as many resources as Terraform would make", () => {
    const counts = (project: string, ...types: readonly string[]) => types.map((type) => graphs.get(project)?.all(type).length);
    expect(
      counts("vpc-complete", "aws_subnet", "aws_nat_gateway", "aws_route_table_association", "aws_vpc_ipv4_cidr_block_association"),
    ).toEqual([12, 1, 9, 0]);
    expect(counts("rds-aurora-global", "aws_rds_cluster_instance", "aws_vpc_security_group_ingress_rule")).toEqual([4, 3]);
    expect(counts("two-tier", "aws_route_table_association")).toEqual([2]);
  });
});
