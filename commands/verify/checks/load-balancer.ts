import {
  DescribeLoadBalancerAttributesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Check, checkEach, checkResource, compareSets, differences } from "../check";
import type { LiveRegion } from "../live-region";

export const LOAD_BALANCER: readonly Check<LiveRegion>[] = [
  {
    requirement: "The load balancer is internet-facing and uses the public subnet of every Availability Zone",
    requirementIds: [
      "S000-G3",
      "S000-3.1",
      "S000-T4",
      "S000-T9",
      "S000-D4",
      "S002-2.3",
      "S002-T4",
      "S002-D4",
      "S003-1.2",
      "S003-4.1",
      "S003-T5",
      "S003-D7",
      "S004-2.4",
    ],
    violations: (live) =>
      checkResource(live.ownNames.of("lb"), async () => {
        const { State, Scheme, AvailabilityZones = [] } = await live.loadBalancer();
        return [
          ...differences({ state: [State?.Code, "active"], scheme: [Scheme, "internet-facing"] }),
          ...compareSets(
            AvailabilityZones.map(({ SubnetId = "" }) => SubnetId),
            (await live.subnetsOf("public")).map(({ SubnetId = "" }) => SubnetId),
            { missing: "is a public subnet that it does not use", extra: "is not a public subnet" },
          ),
        ];
      }),
  },
  {
    requirement: "The load balancer serves HTTPS with the configured security policy, and redirects HTTP to HTTPS",
    requirementIds: ["S002-C9", "S002-S4", "S003-4.6", "S003-9.2", "S004-T12", "S004-C7"],
    violations: async (live) => {
      const listeners = await live.listeners();
      const [https, http] = [443, 80].map((port) => listeners.find(({ Port }) => Port === port));
      const redirect = http?.DefaultActions?.[0]?.RedirectConfig;
      const { sslPolicy } = live.config.loadBalancer;
      return [
        ...listeners
          .filter(({ Port = 0 }) => ![443, 80].includes(Port))
          .map(({ Port }) => `port ${Port} has a listener that is not configured`),
        ...differences({
          "protocol of port 443": [https?.Protocol, "HTTPS"],
          "security policy of port 443": [https?.SslPolicy, sslPolicy],
          "number of actions of port 80": [http?.DefaultActions?.length, 1],
          "redirect of port 80": [redirect && `${redirect.Protocol} ${redirect.Port}`, "HTTPS 443"],
        }),
      ];
    },
  },
  {
    requirement: "Target group health checks use the configured path, interval, timeout and thresholds",
    requirementIds: [
      "S000-G4",
      "S000-3.2",
      "S000-4.3",
      "S000-T4",
      "S000-C7",
      "S000-S2",
      "S000-D4",
      "S002-2.3",
      "S002-S3",
      "S003-3.6",
      "S003-4.4",
      "S003-C3",
      "S003-D7",
      "S004-2.3",
      "S004-S2",
      "S004-C5",
    ],
    violations: (live) => {
      const { healthCheck } = live.config.loadBalancer;
      return checkTargetGroups(live, (group) =>
        Promise.resolve(
          differences({
            path: [group.HealthCheckPath, healthCheck.path],
            interval: [group.HealthCheckIntervalSeconds, healthCheck.intervalSeconds],
            timeout: [group.HealthCheckTimeoutSeconds, healthCheck.timeoutSeconds],
            "healthy threshold": [group.HealthyThresholdCount, healthCheck.healthyThreshold],
            "unhealthy threshold": [group.UnhealthyThresholdCount, healthCheck.unhealthyThreshold],
            "success code": [group.Matcher?.HttpCode, "200"],
          }),
        ),
      );
    },
  },
  {
    requirement: "Target groups use the configured deregistration delay",
    requirementIds: ["S000-3.3", "S003-4.3", "S003-C10"],
    violations: (live) =>
      checkTargetGroups(live, async ({ TargetGroupArn }) => {
        const { Attributes = [] } = await live.own.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
        const delay = Attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value;
        return differences({ "deregistration delay": [delay, String(live.config.loadBalancer.deregistrationDelaySeconds)] });
      }),
  },
  {
    requirement: "Each service that receives requests has its own target group, to which the load balancer forwards",
    requirementIds: ["S003-4.5"],
    violations: async (live) => {
      const groups = await targetGroups(live);
      const { LoadBalancerArn = "" } = await live.loadBalancer();
      return groups
        .filter(({ LoadBalancerArns = [] }) => !LoadBalancerArns.includes(LoadBalancerArn))
        .map(({ TargetGroupName }) => `nothing forwards to ${TargetGroupName}`);
    },
  },
  {
    requirement: "The load balancer has cross-zone load balancing, access logs and zonal shift enabled, and the configured timeouts",
    requirementIds: ["S000-3.1", "S000-C12", "S002-C8", "S003-4.2", "S004-2.4", "S004-C8"],
    violations: (live) => {
      const { loadBalancer } = live.config;
      return checkAttributes(live, {
        "load_balancing.cross_zone.enabled": "true",
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": live.ownNames.of("s3_bucket", "access-logs"),
        "zonal_shift.config.enabled": "true",
        "idle_timeout.timeout_seconds": String(loadBalancer.idleTimeoutSeconds),
        "client_keep_alive.seconds": String(loadBalancer.clientKeepAliveSeconds),
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "routing.http.desync_mitigation_mode": "defensive",
      });
    },
  },
  {
    requirement: "Deletion protection of the load balancer is as configured",
    requirementIds: ["S000-C10", "S000-P2.4", "S002-C7", "S003-T11", "S003-P2", "S004-T9", "S004-P2"],
    violations: (live) => checkAttributes(live, { "deletion_protection.enabled": String(live.config.protect) }),
  },
  {
    // Only an AWS WAF call would show whether it is associated with the load balancer.
    requirement: "The AWS WAF web ACL exists",
    requirementIds: [],
    option: "load_balancer.waf",
    appliesTo: ({ config }) => config.loadBalancer.waf.enabled,
    violations: async (live) => {
      const name = live.ownNames.of("wafv2_web_acl");
      const arns = [...(await live.own.tagged()).keys()];
      return arns.some((arn) => arn.includes(`:regional/webacl/${name}/`)) ? [] : [`${name} does not exist`];
    },
  },
];

async function checkAttributes(live: LiveRegion, desired: Readonly<Record<string, string>>): Promise<string[]> {
  return checkResource(live.ownNames.of("lb"), async () => {
    const { LoadBalancerArn } = await live.loadBalancer();
    const { Attributes = [] } = await live.own.elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
    const actual = new Map(Attributes.map(({ Key, Value }) => [Key, Value]));
    return differences(Object.fromEntries(Object.entries(desired).map(([key, value]) => [key, [actual.get(key), value]])));
  });
}

/** The target groups that the stack declares. @throws when one does not exist */
async function targetGroups(live: LiveRegion): Promise<TargetGroup[]> {
  const Names = live.resources("aws_lb_target_group").map((resource) => live.text(resource, "name"));
  const found = await Promise.all(Names.map((name) => live.own.elb.send(new DescribeTargetGroupsCommand({ Names: [name] }))));
  return found.flatMap(({ TargetGroups = [] }) => TargetGroups);
}

/** Checks the target groups of tasks; those of Lambda functions have no health check. */
async function checkTargetGroups(live: LiveRegion, violations: (group: TargetGroup) => Promise<readonly string[]>): Promise<string[]> {
  const groups = (await targetGroups(live)).filter(({ TargetType }) => TargetType === "ip");
  return checkEach(groups, (group) => checkResource(group.TargetGroupName ?? "", () => violations(group)));
}
