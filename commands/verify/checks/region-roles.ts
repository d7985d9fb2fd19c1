import { DescribeListenersCommand, DescribeLoadBalancersCommand, DescribeRulesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { HOLD_PRIORITY, holdResponse } from "../../../config/dns-hold";
import { primaryRegion } from "../../../config/config";
import { WRITES_PARAMETER } from "../../../stacks/platform-regions";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { Live } from "../live";
import { writerRegion } from "./global-database";

export const REGION_ROLES: readonly Check<Live>[] = [
  {
    requirement: "Writes are allowed in the region whose database is the writer, and frozen in every other region",
    requirementIds: ["S000-6.2", "S000-3.4"],
    appliesTo: ({ config }) => config.regions.length > 1,
    violations: async (live) => {
      const writer = await writerRegion(live);
      return checkEach(live.config.regions, ({ name: region }) => {
        const Name = live.names(region).path(WRITES_PARAMETER);
        return checkResource(Name, async () => {
          const { Parameter } = await live.aws(region).ssm.send(new GetParameterCommand({ Name }));
          return differences({ value: [Parameter?.Value, region === writer ? "allowed" : "frozen"] });
        });
      });
    },
    notes: async (live) => {
      const writer = await writerRegion(live);
      return writer === primaryRegion(live.config) ? [] : [`${writer} has taken over: it is the primary region`];
    },
  },
  {
    requirement: "DNS is held by the region whose database is the writer, unless DNS prefers that region anyway, and by no other",
    requirementIds: ["S000-6.2", "S000-3.4"],
    appliesTo: ({ config }) => config.regions.length > 1,
    violations: async (live) => {
      const writer = await writerRegion(live);
      const others = live.config.regions.filter(({ name }) => name !== primaryRegion(live.config));
      return checkEach(others, ({ name: region }) => {
        const balancer = live.names(region).of("lb");
        return checkResource(`${balancer} in ${region}`, async () =>
          differences({ "status of the DNS hold": [await holdStatus(live, region, balancer), holdResponse(region === writer).StatusCode] }),
        );
      });
    },
  },
];

/** The status with which a load balancer answers the health checks that ask whether it holds DNS. */
async function holdStatus(live: Live, region: string, balancer: string): Promise<string | undefined> {
  const { elb } = live.aws(region);
  const { LoadBalancers: [found] = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [balancer] }));
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: found?.LoadBalancerArn }));
  const ListenerArn = Listeners.find(({ Protocol }) => Protocol === "HTTPS")?.ListenerArn;
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
  const rule = Rules.find(({ Priority }) => Priority === String(HOLD_PRIORITY));
  return rule?.Actions?.[0]?.FixedResponseConfig?.StatusCode;
}
