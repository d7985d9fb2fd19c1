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

/** The suffix of the environment of a synthesized stack, from the key of its state. */
export function suffixOf(stack: unknown): string {
  const { terraform } = stack as { terraform: { backend: { s3: { key: string } } } };
  return terraform.backend.s3.key.split("/")[1] ?? "";
}
