/** What AWS commits to for a service, as a share of a month. */
export interface Sla {
  readonly service: string;
  /** With parts in several zones, or in several regions. */
  readonly spread: number;
  /** In one zone, or in one region. Undefined: no commitment. */
  readonly alone: number | undefined;
  /** What `spread` needs. */
  readonly needs: string;
  readonly source: string;
  /** "Last updated" of the page, in a stored copy. Undefined: the figure was read in pages about it, and not in a copy of the page. */
  readonly updated: string | undefined;
}

/** When stored copies of the pages were read. */
export const READ = "2026-11-30";

/** @see https://aws.amazon.com/legal/service-level-agreements/ */
export const SLAS = {
  dns: {
    service: "Route 53",
    spread: 1,
    alone: 1,
    needs: "a public hosted zone",
    source: "https://aws.amazon.com/route53/sla/",
    updated: undefined,
  },
  balancer: {
    service: "Elastic Load Balancing",
    spread: 0.9999,
    alone: 0.999,
    needs: "two zones",
    source: "https://aws.amazon.com/elasticloadbalancing/sla/",
    updated: "2022-07-25",
  },
  tasks: {
    service: "Fargate for Amazon ECS",
    spread: 0.9999,
    alone: undefined,
    needs: "running tasks in two zones",
    source: "https://aws.amazon.com/compute/sla/",
    updated: "2022-05-25",
  },
  database: {
    service: "Aurora",
    spread: 0.9999,
    alone: 0.999,
    needs: "instances in two zones",
    source: "https://aws.amazon.com/rds/aurora/sla/",
    updated: "2022-05-19",
  },
  cache: {
    service: "ElastiCache",
    spread: 0.9999,
    alone: 0.995,
    needs: "Multi-AZ with automatic failover",
    source: "https://aws.amazon.com/elasticache/sla/",
    updated: "2024-10-16",
  },
  table: {
    service: "DynamoDB",
    spread: 0.99999,
    alone: 0.9999,
    needs: "a replica in another region",
    source: "https://aws.amazon.com/dynamodb/sla/",
    updated: undefined,
  },
  nat: {
    service: "NAT gateway",
    spread: 0.999,
    alone: 0.999,
    needs: "each gateway is in one zone",
    source: "https://aws.amazon.com/vpc/sla/",
    updated: undefined,
  },
} as const satisfies Readonly<Record<string, Sla>>;
