import type { Resource } from "./platforms";
import type { Sources } from "./sources";

/** The modules that make a resource, the outermost first. */
export type Owners = (resource: Pick<Resource, "address" | "within">) => readonly string[];

/** What functions of modules create in a stack, without a class around it. */
const BY_ADDRESS: readonly (readonly [pattern: RegExp, module: string])[] = [
  [/[._](composite-alarm|event-aws-health)/, "monitoring"],
  [/\.alarm-replication-/, "storage"],
  [/\.alerts-to-(function|queue)$/, "alert-forwarding"],
];
/** What no module makes. */
const OF_STACKS = /\.(first-)?role-path$/;

/** `modules/database/proxy.ts` is a file of `database`. */
export function moduleOf(file: string): string {
  return file.split("/")[1] ?? "";
}

export function ownersIn({ classes }: Sources): Owners {
  const modules = new Map<string, string>();
  for (const { name, file } of classes) {
    if (modules.has(name)) throw new Error(`two modules have a construct ${name}: a resource would have two owners`);
    modules.set(name, moduleOf(file));
  }
  return ({ address, within }) => {
    const classNames = within.filter((name) => name !== "Construct" && modules.has(name));
    const found = [...new Set(classNames.map((name) => modules.get(name) ?? ""))];
    if (found.length > 0 || OF_STACKS.test(address)) return found;
    const [, module] = BY_ADDRESS.find(([pattern]) => pattern.test(address)) ?? [];
    if (module === undefined) throw new Error(`${address} is in no construct of a module: name its module in scripts/reference/owners.ts`);
    return [module];
  };
}
