import { type Config, regionsByPreference } from "../config/config";
import type { FailoverTarget } from "../modules/dns/failover-records";

/** DNS name of the service: `pay.bank.net`. */
export function serviceDomain({ dns }: Config): string {
  return `${dns.serviceName}.${dns.zoneName}`;
}

/** DNS name of one region: `us-east-1.pay.bank.net`. */
export function regionDomain(config: Config, region: string): string {
  return `${region}.${serviceDomain(config)}`;
}

/** Names that resolve to the active region. The certificate of every region contains them. */
export function sharedDomains(config: Config): string[] {
  return [serviceDomain(config), ...(config.dns.apex ? [config.dns.zoneName] : [])];
}

/** Targets of the failover records, in the order of preference. */
export function failoverTargets(config: Config): FailoverTarget[] {
  const { fallbackHost } = config.failover;
  return [
    ...regionsByPreference(config).map(({ name }) => ({ id: name, host: regionDomain(config, name), checked: true })),
    ...(fallbackHost === undefined ? [] : [{ id: "fallback", host: fallbackHost, checked: false }]),
  ];
}

/** Targets of the canaries of a region: the public name and the names of the other regions, or its own name if it is the only region. */
export function canaryTargets(config: Config, region: string): { readonly target: string; readonly host: string }[] {
  if (!config.canaries.enabled) return [];
  const others = config.regions.filter(({ name }) => name !== region);
  return [
    { target: "public", host: serviceDomain(config) },
    ...(others.length > 0 ? others : config.regions).map(({ name }) => ({ target: name, host: regionDomain(config, name) })),
  ];
}
