import { describe, expect, it } from "@jest/globals";
import { deployment } from "../../prove/deployment";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { deploymentReport } from "../../prove/report/deployment";
import { regionStack } from "../support/synthesized";

const only = (json: TerraformJson) => {
  const [stack] = deployment([new Graph("planted", json)]).stacks;
  if (!stack) throw new Error("there is no stack");
  return stack;
};
const path = (json: TerraformJson): readonly string[] => only(json).criticalPath.map(({ address }) => address);
const CLUSTER = { aws_rds_cluster: { ledger: {} } };
const INSTANCE = { cluster_identifier: "${aws_rds_cluster.ledger.id}" };

describe("the critical path of a deployment", () => {
  it("is the chain that takes longest, and not the one with most resources", () => {
    const json = {
      resource: {
        ...CLUSTER,
        aws_rds_cluster_instance: { a: INSTANCE },
        aws_sns_topic: { one: {}, two: { name: "${aws_sns_topic.one.name}" }, three: { name: "${aws_sns_topic.two.name}" } },
      },
    };
    expect(path(json)).toEqual(["aws_rds_cluster.ledger", "aws_rds_cluster_instance.a"]);
    expect(only(json)).toMatchObject({ depth: 3, minutes: 11, resources: 5 });
  });

  it("contains instances that are created in parallel once, and those that wait for each other all", () => {
    const parallel = { resource: { ...CLUSTER, aws_rds_cluster_instance: { a: INSTANCE, b: INSTANCE } } };
    const inSequence = {
      resource: { ...CLUSTER, aws_rds_cluster_instance: { a: INSTANCE, b: { ...INSTANCE, depends_on: ["aws_rds_cluster_instance.a"] } } },
    };
    expect(only(parallel).minutes).toBe(11);
    expect(only(inSequence).minutes).toBe(21);
  });

  it("follows references in local values, in documents and in data sources", () => {
    const service = (reference: object): TerraformJson => ({
      locals: { endpoint: "${aws_rds_cluster_instance.a.endpoint}", url: "https://${local.endpoint}" },
      resource: { ...CLUSTER, aws_rds_cluster_instance: { a: INSTANCE }, aws_ecs_task_definition: { task: reference as never } },
    });
    const direct = service({ container_definitions: '[{"value": "${aws_rds_cluster_instance.a.endpoint}"}]' });
    const local = service({ container_definitions: "${local.url}" });
    const last = "aws_ecs_task_definition.task";
    expect([path(direct).at(-1), path(local).at(-1)]).toEqual([last, last]);
    // The same words without `${` are a text.
    expect(path(service({ family: "aws_rds_cluster_instance.a" })).at(-1)).toBe("aws_rds_cluster_instance.a");
  });

  it("waits for healthy tasks only with wait_for_steady_state", () => {
    const service = (waits: boolean): TerraformJson => ({ resource: { aws_ecs_service: { service: { wait_for_steady_state: waits } } } });
    expect(only(service(true)).minutes).toBe(4);
    expect(only(service(false)).minutes).toBe(0.1);
  });

  it("ends with a circle, which Terraform rejects", () => {
    const json = { resource: { aws_sns_topic: { a: { name: "${aws_sns_topic.b.name}" }, b: { name: "${aws_sns_topic.a.name}" } } } };
    expect(only(json).depth).toBe(2);
  });

  it("is printed with the sum of all stacks and the sources of the times", () => {
    const record = new Graph("dns", { resource: { aws_route53_record: { name: {} } } });
    const database = new Graph("data", { resource: CLUSTER });
    const text = deploymentReport(deployment([record, database]));
    expect(text).toContain("dns: about 1 minutes, 1 resources and data sources, longest chain of dependencies 1");
    expect(text).toMatch(/1 min {2}aws_route53_record\.name {2}\(https:\/\/docs\.aws\.amazon\.com\//);
    expect(text).toContain("First deployment of all stacks, one after the other: about 2 minutes.");
  });
});

describe("the deployment of a region", () => {
  const json = regionStack().json as TerraformJson;
  const addresses = path(json);

  it("takes as long as its database and the tasks that need it, and nothing else of more than a minute", () => {
    const long = only(json).criticalPath.filter(({ minutes }) => minutes > 1);
    expect(long.map(({ address }) => address.split(".")[0])).toEqual(["aws_rds_cluster_instance", "aws_ecs_service"]);
  });

  it("creates the instances of the database in parallel", () => {
    expect(addresses.filter((address) => address.startsWith("aws_rds_cluster_instance."))).toHaveLength(1);
  });
});
