import { resolveNs } from "node:dns/promises";
import { GetHostedZoneCommand, type GetHostedZoneCommandOutput, Route53Client } from "@aws-sdk/client-route-53";
import type { Config } from "../../config/config";
import { retryOptions } from "../verify/aws";
import { type Examination, type Finding, readyIf } from "./finding";

/** The hosted zone, and that the internet asks its name servers. */
export function dns({ dns: { zoneId, zoneName, createZone } }: Config, region: string): readonly Examination[] {
  if (zoneId === undefined)
    return createZone
      ? [
          {
            scope: "account",
            need: `The hosted zone ${zoneName}`,
            examine: () =>
              Promise.resolve<Omit<Finding, "scope" | "need">>({
                result: "notice",
                found: "the stack global creates it",
                cure: "Apply the stack global first, and enter its name servers at the parent domain",
              }),
          },
        ]
      : [];
  return [
    {
      scope: "account",
      need: `The hosted zone ${zoneName}, delegated to its name servers`,
      examine: async () => {
        const { HostedZone, DelegationSet } = await hostedZone(new Route53Client({ region, ...retryOptions }), zoneId);
        if (HostedZone?.Name !== `${zoneName}.`) {
          const found =
            HostedZone?.Name === undefined ? `${zoneId} does not exist in this account` : `${zoneId} is the zone ${HostedZone.Name}`;
          return readyIf(false, found, "Correct dns.zone_id in terraform.tfvars, or set dns.create_zone");
        }
        return delegationFinding(zoneName, DelegationSet?.NameServers ?? [], await nameServers(zoneName));
      },
    },
  ];
}

async function hostedZone(route53: Route53Client, Id: string): Promise<Pick<GetHostedZoneCommandOutput, "HostedZone" | "DelegationSet">> {
  try {
    return await route53.send(new GetHostedZoneCommand({ Id }));
  } catch (error) {
    if ((error as Error).name !== "NoSuchHostedZone") throw error;
    return { HostedZone: undefined };
  }
}

/**
 * @param own name servers of the hosted zone
 * @param found those that a resolver finds; empty if the domain has none
 */
export function delegationFinding(zone: string, own: readonly string[], found: readonly string[]): ReturnType<typeof readyIf> {
  const plain = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase().replace(/\.$/, "")).sort();
  const [wanted, actual] = [plain(own), plain(found)];
  return readyIf(
    actual.length > 0 && actual.every((name) => wanted.includes(name)),
    actual.length === 0 ? "no name server is found" : actual.join(", "),
    `Enter these name servers of ${zone} at its parent domain or registrar: ${wanted.join(", ")}. Until then, no certificate is issued`,
  );
}

async function nameServers(zone: string): Promise<readonly string[]> {
  try {
    return await resolveNs(zone);
  } catch (error) {
    if (["ENOTFOUND", "ENODATA"].includes((error as { code?: string }).code ?? "")) return [];
    throw error;
  }
}
