import { capacity } from "../../config/capacity";
import type { Config, RegionConfig } from "../../config/config";
import type { Expected, ExpectedResources } from "../verify/expected";

/** A quota of AWS that a region of the platform uses. */
export interface QuotaNeed {
  /** Code of the service in Service Quotas: `vpc`. */
  readonly service: string;
  /** `L-F678F1CE` */
  readonly code: string;
  readonly what: string;
  /** How much the platform needs at most. */
  readonly needed: number;
  /** Why, where the number is not the number of resources. */
  readonly because?: string;
  /** What counts against the quota: everything in the region, or one resource of the platform. */
  readonly counts: "region" | "resource";
}

/** Lambda keeps this many executions for functions without a reservation. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED_EXECUTIONS = 100;
const MIB_OF_VCPU = 1024;

/**
 * The quotas that a region uses, with what it needs at its peak: during a deployment, and after it has become the primary region.
 * @see https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
export function quotaNeeds(config: Config, region: RegionConfig, expected: ExpectedResources): readonly QuotaNeed[] {
  const all = (type: string): readonly Expected[] => expected.find([region.name], type);
  const interfaces = all("aws_vpc_endpoint").filter(({ values }) => values["vpc_endpoint_type"] === "Interface").length;
  const reserved = all("aws_lambda_function").reduce((sum, { values }) => sum + reservation(values["reserved_concurrent_executions"]), 0);
  const needs: readonly QuotaNeed[] = [
    {
      service: "fargate",
      code: "L-3032A538",
      what: "vCPU of Fargate tasks",
      ...fargate(config, region, all("aws_ecs_service")),
      counts: "region",
    },
    { service: "ec2", code: "L-0263D0A3", what: "Elastic IP addresses", needed: all("aws_eip").length, counts: "region" },
    { service: "vpc", code: "L-F678F1CE", what: "VPCs", needed: all("aws_vpc").length, counts: "region" },
    {
      service: "vpc",
      code: "L-0EA8095F",
      what: "inbound or outbound rules of a security group",
      needed: mostRules(all),
      counts: "resource",
    },
    { service: "vpc", code: "L-29B6F2EB", what: "interface endpoints of a VPC", needed: interfaces, counts: "resource" },
    {
      service: "elasticloadbalancing",
      code: "L-53DA6B97",
      what: "Application Load Balancers",
      needed: all("aws_lb").length,
      counts: "region",
    },
    {
      service: "lambda",
      code: "L-B99A9384",
      what: "concurrent executions of Lambda functions",
      needed: all("aws_lambda_function").length === 0 ? 0 : reserved + UNRESERVED_EXECUTIONS,
      because: `${reserved} reserved, and Lambda keeps ${UNRESERVED_EXECUTIONS} unreserved`,
      counts: "resource",
    },
    { service: "rds", code: "L-952B80B8", what: "DB clusters", needed: all("aws_rds_cluster").length, counts: "region" },
    { service: "rds", code: "L-7B6409FD", what: "DB instances", needed: all("aws_rds_cluster_instance").length, counts: "region" },
    {
      service: "elasticache",
      code: "L-DFE45DF3",
      what: "cache nodes",
      needed: cacheNodes(all("aws_elasticache_replication_group")),
      counts: "region",
    },
    { service: "events", code: "L-244521F2", what: "EventBridge rules", needed: all("aws_cloudwatch_event_rule").length, counts: "region" },
  ];
  return needs.filter(({ needed }) => needed > 0);
}

/** Tasks of every service at once, each in its largest number, times the share that a deployment may run. */
function fargate(config: Config, region: RegionConfig, services: readonly Expected[]): Pick<QuotaNeed, "needed" | "because"> {
  const share = Math.max(100, ...services.map(({ values }) => Number(values["deployment_maximum_percent"] ?? 100))) / 100;
  const vcpu = capacity(config, region).services.reduce(
    (sum, { tasksAsPrimary, cpu }) => sum + (tasksAsPrimary.max * cpu) / MIB_OF_VCPU,
    0,
  );
  return {
    needed: vcpu * share,
    because: `${vcpu} for the largest number of tasks of every service as the primary region, times ${share} during a deployment`,
  };
}

function reservation(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}

/** The most rules of one direction that a security group has. */
function mostRules(all: (type: string) => readonly Expected[]): number {
  const counts = new Map<string, number>();
  for (const type of ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"])
    for (const { values } of all(type)) {
      const group = `${type} ${String(values["security_group_id"])}`;
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
  return Math.max(0, ...counts.values());
}

function cacheNodes(groups: readonly Expected[]): number {
  return groups.reduce(
    (sum, { values }) => sum + Number(values["num_node_groups"] ?? 1) * (1 + Number(values["replicas_per_node_group"] ?? 0)),
    0,
  );
}
