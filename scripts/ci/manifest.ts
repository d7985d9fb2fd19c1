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

interface Stack {
  readonly terraform: { readonly backend: { readonly s3: { readonly key: string; readonly region?: string } } };
  readonly resource?: { readonly aws_rds_global_cluster?: { readonly aurora?: { readonly global_cluster_identifier?: string } } };
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
