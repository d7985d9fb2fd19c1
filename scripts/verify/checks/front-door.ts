import {
  DescribeLoadBalancerAttributesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Check, compared, differences, of, ofEach } from "../check";
import type { LiveRegion } from "../live";

export const FRONT_DOOR: readonly Check<LiveRegion>[] = [
  {
    requirement: "The load balancer faces the internet from the public subnet of every zone",
    lines: [
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
    faults: (live) =>
      of(live.ownNames.of("lb"), async () => {
        const { State, Scheme, AvailabilityZones = [] } = await live.loadBalancer();
        return [
          ...differences({ state: [State?.Code, "active"], scheme: [Scheme, "internet-facing"] }),
          ...compared(
            AvailabilityZones.map(({ SubnetId = "" }) => SubnetId),
            (await live.subnetsOf("public")).map(({ SubnetId = "" }) => SubnetId),
            { missing: "is a public subnet in which it does not stand", extra: "is no public subnet" },
          ),
        ];
      }),
  },
  {
    requirement: "Clients are served over HTTPS under the policy that is configured, and sent there from HTTP",
    lines: ["S002-C9", "S002-S4", "S003-4.6", "S003-9.2", "S004-T12", "S004-C7"],
    faults: async (live) => {
      const listeners = await live.listeners();
      const [https, http] = [443, 80].map((port) => listeners.find(({ Port }) => Port === port));
      const redirect = http?.DefaultActions?.[0]?.RedirectConfig;
      const { sslPolicy } = live.config.loadBalancer;
      return [
        ...listeners.filter(({ Port = 0 }) => ![443, 80].includes(Port)).map(({ Port }) => `port ${Port} is not meant to be served`),
        ...differences({
          "protocol of port 443": [https?.Protocol, "HTTPS"],
          "policy of port 443": [https?.SslPolicy, sslPolicy],
          "number of actions of port 80": [http?.DefaultActions?.length, 1],
          "redirect of port 80": [redirect && `${redirect.Protocol} ${redirect.Port}`, "HTTPS 443"],
        }),
      ];
    },
  },
  {
    requirement: "The load balancer asks every task as often as configured, and believes it as soon",
    lines: [
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
    faults: (live) => {
      const { healthCheck } = live.config.loadBalancer;
      return eachTargetGroup(live, (group) =>
        Promise.resolve(
          differences({
            path: [group.HealthCheckPath, healthCheck.path],
            interval: [group.HealthCheckIntervalSeconds, healthCheck.intervalSeconds],
            timeout: [group.HealthCheckTimeoutSeconds, healthCheck.timeoutSeconds],
            "healthy threshold": [group.HealthyThresholdCount, healthCheck.healthyThreshold],
            "unhealthy threshold": [group.UnhealthyThresholdCount, healthCheck.unhealthyThreshold],
            "answer that is well": [group.Matcher?.HttpCode, "200"],
          }),
        ),
      );
    },
  },
  {
    requirement: "Requests that are open when a task leaves get the time that is configured",
    lines: ["S000-3.3", "S003-4.3", "S003-C10"],
    faults: (live) =>
      eachTargetGroup(live, async ({ TargetGroupArn }) => {
        const { Attributes = [] } = await live.own.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
        const delay = Attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value;
        return differences({ "deregistration delay": [delay, String(live.config.loadBalancer.deregistrationDelaySeconds)] });
      }),
  },
  {
    requirement: "Every service that gets requests has a target group of its own, with the paths that lead to it",
    lines: ["S003-4.5"],
    faults: async (live) => {
      const groups = await targetGroups(live);
      const { LoadBalancerArn = "" } = await live.loadBalancer();
      return groups
        .filter(({ LoadBalancerArns = [] }) => !LoadBalancerArns.includes(LoadBalancerArn))
        .map(({ TargetGroupName }) => `nothing leads to ${TargetGroupName}`);
    },
  },
  {
    requirement: "The load balancer balances over zones, writes access logs, and can be led out of a zone",
    lines: ["S000-3.1", "S000-C12", "S002-C8", "S003-4.2", "S004-2.4", "S004-C8"],
    faults: (live) => {
      const { loadBalancer } = live.config;
      return attributes(live, {
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
    requirement: "The load balancer can be deleted exactly if nothing is to be protected",
    lines: ["S000-C10", "S000-P2.4", "S002-C7", "S003-T11", "S003-P2", "S004-T9", "S004-P2"],
    faults: (live) => attributes(live, { "deletion_protection.enabled": String(live.config.protect) }),
  },
  {
    // Whether it stands before the load balancer, only AWS WAF itself says.
    requirement: "The web ACL of AWS WAF exists",
    lines: [],
    asked: ({ config }) => config.loadBalancer.waf,
    faults: async (live) => {
      const name = live.ownNames.of("wafv2_web_acl");
      const arns = [...(await live.own.tagged()).keys()];
      return arns.some((arn) => arn.includes(`:regional/webacl/${name}/`)) ? [] : [`${name} does not exist`];
    },
  },
];

async function attributes(live: LiveRegion, wanted: Readonly<Record<string, string>>): Promise<string[]> {
  return of(live.ownNames.of("lb"), async () => {
    const { LoadBalancerArn } = await live.loadBalancer();
    const { Attributes = [] } = await live.own.elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
    const actual = new Map(Attributes.map(({ Key, Value }) => [Key, Value]));
    return differences(Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, [actual.get(key), value]])));
  });
}

/** The groups that the stack declares. @throws when one does not exist */
async function targetGroups(live: LiveRegion): Promise<TargetGroup[]> {
  const Names = live.resources("aws_lb_target_group").map((resource) => live.text(resource, "name"));
  const found = await Promise.all(Names.map((name) => live.own.elb.send(new DescribeTargetGroupsCommand({ Names: [name] }))));
  return found.flatMap(({ TargetGroups = [] }) => TargetGroups);
}

/** Of tasks: the groups of functions are not checked. */
async function eachTargetGroup(live: LiveRegion, faults: (group: TargetGroup) => Promise<readonly string[]>): Promise<string[]> {
  const groups = (await targetGroups(live)).filter(({ TargetType }) => TargetType === "ip");
  return ofEach(groups, (group) => of(group.TargetGroupName ?? "", () => faults(group)));
}
