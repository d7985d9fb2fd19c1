/** The manifest that the synth writes: the fields that are read here. */
export interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly name: string; readonly dependencies: readonly string[] }>>;
}

/**
 * Names of the stacks, each after the stacks that it depends on.
 * @throws if the dependencies form a cycle
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

/** Suffix of the environment that a stack was synthesized for, read from the key of its state. */
export function suffixOf(stack: unknown): string {
  const { terraform } = stack as { terraform: { backend: { s3: { key: string } } } };
  return terraform.backend.s3.key.split("/")[1] ?? "";
}
