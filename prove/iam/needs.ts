import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { type Finding, decided, notApplicable, unknown } from "../claims/claim";
import { aliasesOf, type Key, type NamedKey } from "./keys";
import { type Identity, mayCall, mayUseKey } from "./identities";
import type { Call } from "./policy";

/** Something that a role must be allowed to do, because a resource makes it do so. */
export interface Need {
  /** The resource that has the role. */
  readonly by: Resource;
  /** Undefined if the resource names no role of the JSON. */
  readonly role: Identity | undefined;
  /** What for: `write its log`. */
  readonly to: string;
  /** Each of them must be allowed. */
  readonly calls: readonly Omit<Call, "principal">[];
  /** A key with which the calls decrypt or encrypt. A key of AWS and one of another owner ask for nothing here. @default - none */
  readonly key?: KeyNeed | undefined;
}

interface KeyNeed {
  readonly key: NamedKey | undefined;
  readonly actions: readonly string[];
  /** The service through which the key is used. @default - the caller itself */
  readonly via?: string;
  readonly context?: Call["context"];
}

export const calls = (actions: readonly string[], resource = "*", context?: Call["context"]): Need["calls"] =>
  actions.map((action) => ({ action, resource, ...(context && { context }) }));

/** Why needs are not met. */
function needFaults(stacks: readonly Graph[], needs: readonly Need[]): readonly string[] {
  return needs.flatMap(({ by, role, to, calls: all, key }) => {
    if (!role) return [`${by.address} has no role of this JSON, and cannot ${to}.`];
    const name = `${by.address} cannot ${to}: ${role.resource.address} may not call`;
    const denied = all.find((call) => !mayCall(role, call));
    if (denied) return [`${name} ${denied.action} for ${denied.resource ?? "*"}.`];
    return keyFault(stacks, role, key, name) ?? [];
  });
}

function keyFault(stacks: readonly Graph[], role: Identity, need: KeyNeed | undefined, name: string): string | undefined {
  if (need?.key?.kind !== "key") return undefined;
  const key: Key = need.key;
  const context = { ...need.context, "kms:ResourceAliases": aliasesOf(stacks, key) };
  const action = need.actions.find((one) => !mayUseKey(stacks, role, key, one, need.via, context));
  return action === undefined ? undefined : `${name} ${action} for ${key.resource.address}, or its key policy does not let it.`;
}

/** Decides needs. What a policy that is not in the JSON allows is unknown. */
export function decideNeeds(
  stacks: readonly Graph[],
  needs: readonly Need[],
  more: readonly string[],
  none: string,
  proven: string,
): Finding {
  if (needs.length === 0 && more.length === 0) return notApplicable(none);
  const isOpaque = ({ role }: Need): boolean => (role?.opaque.length ?? 0) > 0;
  const faults = [
    ...more,
    ...needFaults(
      stacks,
      needs.filter((need) => !isOpaque(need)),
    ),
  ];
  const hidden = needs.filter(isOpaque).find((need) => needFaults(stacks, [need]).length > 0);
  if (faults.length === 0 && hidden)
    return unknown(`${hidden.role?.resource.address ?? ""} has ${hidden.role?.opaque.join(", ") ?? ""}, which is not in this JSON.`);
  return decided(
    [...new Set(faults)],
    [...new Set(needs.map(({ by, role, to }) => `${role?.resource.address ?? ""} may ${to} for ${by.address}`))],
    proven,
  );
}
