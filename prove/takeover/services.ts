import type { Graph } from "../graph/graph";
import { awaitedServices, scaledServices, sizeOf } from "./awaited-services";
import type { Takeover } from "./takeover";

export function serviceFaults({ graph, machine }: Takeover, stacks: readonly Graph[]): string[] {
  const where = machine.resource.address;
  const services = graph.all("aws_ecs_service");
  const awaited = awaitedServices(machine);
  const scaled = scaledServices(machine);
  const names = services.map(({ values }) => graph.text(values["name"]) ?? "");
  return [
    ...awaited
      .filter(({ name }) => !names.includes(name))
      .map(({ name }) => `${where} awaits ${name}, which is no service of this stack: it fails after the promotion.`),
    ...services.flatMap((service, index) => {
      const name = names[index] ?? "";
      const size = sizeOf(stacks, name);
      const cluster = (graph.text(service.values["cluster"]) ?? "").split("/").at(-1) ?? "";
      const own = awaited.filter((one) => one.name === name && one.cluster === cluster);
      const ranges = scaled.filter(({ resource }) => resource === `service/${cluster}/${name}`);
      const here = sizeOf([graph], name);
      return [
        ...(own.length > 0 ? [] : [`${where} does not await ${service.address}: the takeover succeeds while its tasks are missing.`]),
        ...own
          .filter(({ tasks }) => tasks === undefined || tasks < size)
          .map(
            ({ tasks }) =>
              `${where} is content with ${tasks ?? "any number of"} tasks of ${service.address}, and a primary region runs ${size}.`,
          ),
        ...(here >= size || ranges.length > 0
          ? []
          : [`${service.address} runs ${here} tasks, a primary region runs ${size}, and ${where} does not scale it.`]),
        ...ranges
          .filter(({ min }) => min < size)
          .map(({ min }) => `${where} scales ${service.address} to ${min} tasks, and a primary region runs ${size}.`),
        ...ranges
          .filter(({ min, max }) => max < min)
          .map(({ max }) => `${where} scales ${service.address} to at most ${max} tasks, which is less than its minimum.`),
      ];
    }),
  ];
}
