import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  type FixedResponseActionConfig,
  ModifyRuleCommand,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { clientOptions, failedRegions, regionSettings, requiredVariable, settingsOf } from "./settings";

/** The listener rule that holds DNS: its path, and its response while the region holds DNS and while it does not. */
interface Hold {
  readonly path: string;
  readonly held: FixedResponseActionConfig;
  readonly released: FixedResponseActionConfig;
}

/**
 * Routes clients to a region: it holds DNS, and no other region does. The primary region of the configuration needs no hold.
 * @returns the regions whose hold could not be switched
 */
export async function routeClients(to: string): Promise<string[]> {
  settingsOf(to);
  const regions = [...regionSettings()].filter(([, { holdLoadBalancer }]) => holdLoadBalancer !== undefined).map(([region]) => region);
  return failedRegions(regions, (region) => setHold(region, region === to));
}

export async function setHold(region: string, held: boolean): Promise<void> {
  const client = new ElasticLoadBalancingV2Client(clientOptions(region));
  const { RuleArn } = await holdRule(client, region);
  const response = held ? hold().held : hold().released;
  await client.send(new ModifyRuleCommand({ RuleArn, Actions: [{ Type: "fixed-response", FixedResponseConfig: response }] }));
}

/** Whether a region holds DNS. False for the primary region of the configuration. */
export async function isHeld(region: string): Promise<boolean> {
  if (settingsOf(region).holdLoadBalancer === undefined) return false;
  const { Actions = [] } = await holdRule(new ElasticLoadBalancingV2Client(clientOptions(region)), region);
  return Actions.some(({ FixedResponseConfig }) => FixedResponseConfig?.StatusCode === hold().held.StatusCode);
}

/** The listener rule of the hold, found by its path: its ARN has a random part. */
async function holdRule(client: ElasticLoadBalancingV2Client, region: string): Promise<Rule> {
  const name = settingsOf(region).holdLoadBalancer;
  const { path } = hold();
  const { LoadBalancers: [balancer] = [] } = await client.send(new DescribeLoadBalancersCommand({ Names: [name ?? ""] }));
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }));
  const https = Listeners.find(({ Protocol }) => Protocol === "HTTPS");
  const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn: https?.ListenerArn }));
  const rule = Rules.find(({ Conditions = [] }) =>
    Conditions.some(({ Values = [], PathPatternConfig }) => [...Values, ...(PathPatternConfig?.Values ?? [])].includes(path)),
  );
  if (!rule) throw new Error(`the load balancer ${name} in ${region} has no listener rule for ${path}`);
  return rule;
}

function hold(): Hold {
  return JSON.parse(requiredVariable("HOLD")) as Hold;
}
