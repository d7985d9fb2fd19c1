/** The part of the manifest of a synth that the scripts use. */
export interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly name: string; readonly dependencies: readonly string[] }>>;
}

/**
 * The names of the stacks, each after its dependencies.
 * @throws on a circular dependency
 */
export function deployOrder({ stacks }: Manifest): string[] {
  const order: string[] = [];
  const visit = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) throw new Error(`stacks depend on each other: ${[...above, name].join(" → ")}`);
    for (const dependency of stacks[name]?.dependencies ?? []) visit(dependency, [...above, name]);
    if (!order.includes(name)) order.push(name);
  };
  for (const name of Object.keys(stacks)) visit(name, []);
  return order;
}

/** Whether a stack is that of a region. */
export function isRegion(stack: string): boolean {
  return stack !== "global" && stack !== "failover";
}

/**
 * The stacks in the order of a destroy: `failover`, the regions, `global`.
 * @param order the stacks in the order of deployment, which a removed region reverses
 * @param last the region that is destroyed after the others
 */
export function destroyOrder(order: readonly string[], last: string): string[] {
  const regions = order.filter((stack) => isRegion(stack) && stack !== last).reverse();
  return ["failover", ...regions, last, "global"].filter((stack) => order.includes(stack));
}

/** A stack in a release in waves. */
export interface ReleasedStack {
  readonly stack: string;
  /** Whether it is a wave: a region that is checked before the next stack is applied. */
  readonly isWave: boolean;
}

/**
 * The stacks in the order of a release in waves: the standby regions in reverse preference, then the primary region. Stacks that
 * are no regions keep their position, and removed regions remain before the others.
 * @param order the stacks in the order of deployment, which a removed region reverses
 * @param primary the region whose cluster is the writer
 * @param removed regions that the release destroys: no waves
 */
export function waveOrder(order: readonly string[], primary: string, removed: readonly string[] = []): ReleasedStack[] {
  const regions = order.filter(isRegion);
  const kept = regions.filter((stack) => !removed.includes(stack));
  const byPreference = removed.length > 0 ? [...kept].reverse() : kept;
  const last = kept.includes(primary) ? primary : byPreference[0];
  const standbys = byPreference.filter((stack) => stack !== last).reverse();
  const rearranged = [...regions.filter((stack) => removed.includes(stack)), ...standbys, ...(last === undefined ? [] : [last])];
  return order
    .map((stack) => (isRegion(stack) ? (rearranged.shift() ?? stack) : stack))
    .map((stack) => ({ stack, isWave: kept.includes(stack) }));
}

/** Resources of a type with literal names, by their id. */
type Named = Readonly<Record<string, { readonly name?: string }>>;

interface Stack {
  readonly terraform: { readonly backend: { readonly s3: { readonly key: string; readonly region?: string } } };
  readonly resource?: {
    readonly aws_rds_global_cluster?: { readonly aurora?: { readonly global_cluster_identifier?: string } };
    readonly aws_ecs_cluster?: Named;
    readonly aws_ecs_service?: Named;
  };
}

/** Whether a synthesized stack is that of a removed region, which has no resources. */
export function isRemoved(stack: unknown): boolean {
  return (stack as Stack).resource === undefined;
}

/** Names of the ECS cluster and of the services in a synthesized stack. */
export function servicesOf(stack: unknown): { readonly cluster: string; readonly services: readonly string[] } {
  const { aws_ecs_cluster = {}, aws_ecs_service = {} } = (stack as Stack).resource ?? {};
  const names = (resources: Named): string[] => Object.values(resources).flatMap(({ name }) => name ?? []);
  return { cluster: names(aws_ecs_cluster)[0] ?? "", services: names(aws_ecs_service) };
}

/** The region of the state of a synthesized stack. */
export function stateRegionOf(stack: unknown): string | undefined {
  return (stack as Stack).terraform.backend.s3.region;
}

/** The identifier of the global database in the synthesized stack `global`. Undefined for a single region. */
export function globalClusterOf(stack: unknown): string | undefined {
  return (stack as Stack).resource?.aws_rds_global_cluster?.aurora?.global_cluster_identifier;
}

/** The suffix of the environment of a synthesized stack, from the key of its state. */
export function suffixOf(stack: unknown): string {
  const { terraform } = stack as Stack;
  return terraform.backend.s3.key.split("/")[1] ?? "";
}
