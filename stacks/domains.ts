import type { Config } from "../config/config";

/** What clients ask for: `pay.bank.net`. */
export function serviceDomain({ dns }: Config): string {
  return `${dns.serviceName}.${dns.zoneName}`;
}

/** One region's own entry: `us-east-1.pay.bank.net`. */
export function regionDomain(config: Config, region: string): string {
  return `${region}.${serviceDomain(config)}`;
}

/** Names that lead to whichever region serves: every region's certificate covers them. */
export function sharedDomains(config: Config): string[] {
  return [serviceDomain(config), ...(config.dns.apex ? [config.dns.zoneName] : [])];
}

/** What one region's canaries ask for: the public name and the other regions' entries; a single region has only its own. */
export function canaryTargets(config: Config, region: string): { readonly target: string; readonly host: string }[] {
  if (!config.canaries.enabled) return [];
  const others = config.regions.filter(({ name }) => name !== region);
  return [
    { target: "public", host: serviceDomain(config) },
    ...(others.length > 0 ? others : config.regions).map(({ name }) => ({ target: name, host: regionDomain(config, name) })),
  ];
}
