import { DEFAULT_PRESET } from "../../config/presets";
import { budgets, type Kind } from "../../prove/budgets";
import { graphsOf } from "./platforms";

const BEGIN = "<!-- failures: written by UPDATE_PAGES=1 npx jest __tests__/prove/failure-table -->";
const END = "<!-- end of failures -->";

/** docs/availability.md with the table of failures, whose times are the budgets of the default preset. @throws if the markers are missing */
export function withFailureTable(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/availability.md lacks ${BEGIN} or ${END}`);
  return `${before}${BEGIN}\n\n${table()}\n\n${END}${after}`;
}

function table(): string {
  const all = budgets(graphsOf({ preset: DEFAULT_PRESET }));
  /** The longest time of a kind, over all regions. */
  const most = (kind: Kind): string => {
    const times = all.filter((budget) => budget.kind === kind).map((budget) => (budget.faults.length > 0 ? undefined : budget.most));
    if (times.length === 0 || times.includes(undefined)) throw new Error(`The default preset has no bound for ${kind}.`);
    return inWords(Math.max(...times.map((time) => time ?? 0)));
  };
  const rows = [
    ["a task", "after two failed checks, the load balancer stops routing to it; ECS starts another", `at most ${most("task")}`],
    [
      "a zone: tasks",
      "the load balancer stops routing to them; four of six tasks serve; ECS starts the others in the remaining zones, and rebalances them when the zone is back",
      `at most ${most("task")}; six tasks again in 1–3 min`,
    ],
    [
      "a zone: the load balancer's node",
      "the node's address stays in DNS until Elastic Load Balancing removes it, and in the caches of clients for its TTL of 60 s: [a third of the new connections fails](runbooks/zone.md#what-clients-notice) for as long, unless the client tries the next address",
      "up to about a minute",
    ],
    [
      "a zone that is impaired, not lost",
      "an alarm compares the zones; when one alone is worse, a [runbook](runbooks/zone.md#zonal-shift) shifts its traffic to the others, within limits; AWS does the same by its own telemetry ([zonal autoshift](runbooks/zone.md#zonal-autoshift))",
      `at most ${most("zone-shift")}, with the TTL of DNS`,
    ],
    [
      "a zone: the writer",
      "Aurora promotes a reader; no committed transaction is lost; clients reconnect through the same name",
      `typically under ${most("writer")}`,
    ],
    [
      "a zone: NAT",
      "each zone has its own NAT gateway; the other zones are not affected",
      most("zone-nat") === inWords(0) ? "at once" : most("zone-nat"),
    ],
    [
      "a region",
      "after two failed checks, DNS fails clients over to the standby; this needs no operator and no call that changes DNS. The standby serves reads. It serves writes after its database is promoted: an operator decides, with one command, and a [runbook](runbooks/region.md#region-takeover) performs every step",
      `[at most ${most("dns")} for DNS; for writes at most ${most("takeover")} from the command, with a promotion of usual length](#the-loss-of-a-region-step-by-step)`,
    ],
    ["a bad release: its tasks do not start", "ECS rolls back and the apply fails; the old tasks never stopped", "none"],
    [
      "a bad release: errors or slow answers",
      "the alarms of the service roll its deployment back",
      `at most ${most("hear-errors")} for the alarm, then a deployment`,
    ],
    ["a node of Redis", "a replica in another zone takes over; the writes of the last second may be lost", "seconds to minutes"],
    [
      "wrong data",
      "a runbook rewinds the database to any second of the last 24 hours: with backtrack in place, otherwise in a second cluster",
      "minutes; minutes to hours",
    ],
  ];
  return ["| what is lost | what happens | recovery time |", "|---|---|---|", ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join(
    "\n",
  );
}

/** `56 s`, `7 min`, `9 min 15 s` */
function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
}
