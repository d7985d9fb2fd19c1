import type { Deployment, StackDeployment, Step } from "../deployment";

/** The critical path of every stack as lines for a terminal. */
export function deploymentReport({ stacks, minutes }: Deployment): string {
  return [
    ...stacks.flatMap((stack) => [...lines(stack), ""]),
    `First deployment of all stacks, one after the other: about ${minutes} minutes. A time without a page of AWS is an assumption.`,
  ].join("\n");
}

function lines({ stack, resources, depth, criticalPath, minutes }: StackDeployment): readonly string[] {
  return [
    `${stack}: about ${minutes} minutes, ${resources} resources and data sources, longest chain of dependencies ${depth}`,
    ...criticalPath.map(step),
  ];
}

function step({ address, minutes, source }: Step): string {
  const time = minutes < 1 ? `${Math.round(minutes * 60)} s` : `${minutes} min`;
  return `  ${time.padStart(7)}  ${address}${source === undefined ? "" : `  (${source})`}`;
}
