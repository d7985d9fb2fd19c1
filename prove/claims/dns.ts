import type { Claim } from "./claim";
import { DNS_ALARM_CLAIMS } from "./dns-alarms";
import { ENTRY_CLAIMS } from "./dns-entries";
import { HOLD_CLAIMS } from "./dns-holds";
import { ROUTING_CLAIMS } from "./dns-routing";
import { TIME_CLAIMS } from "./dns-times";

const number = ({ id }: Claim): number => Number(id.slice(1));

/** Claims about the failover of DNS between regions. */
export const DNS_CLAIMS: readonly Claim[] = [...ROUTING_CLAIMS, ...TIME_CLAIMS, ...HOLD_CLAIMS, ...ENTRY_CLAIMS, ...DNS_ALARM_CLAIMS].sort(
  (one, other) => number(one) - number(other),
);
