import type { Graph } from "../graph/graph";
import { may } from "../iam/role-permissions";
import { parametersOf } from "./parameters";
import { memberOf } from "./promotion";
import { environmentOf, parametersWritten, regionTables, type Takeover, takeoversOf } from "./takeover";

export function regionFaults(takeover: Takeover, stacks: readonly Graph[]): string[] {
  const { graph, machine, functions } = takeover;
  const own = memberOf(graph);
  const others = stacks.filter((stack) => memberOf(stack)?.global === own?.global && own !== undefined);
  if (functions.length === 0) return [`${machine.resource.address} calls no function: no call of it reaches another region.`];
  return functions.flatMap((one) => {
    const role = graph.target(one.values["role"]);
    const tables = regionTables(environmentOf(graph, one));
    const [table] = tables;
    if (table === undefined) return [`${one.address} knows no region.`];
    return others.flatMap((stack) => {
      const region = stack.region ?? "";
      const known = Object.values((table[region] ?? {}) as Readonly<Record<string, unknown>>).map(String);
      const written = takeoversOf(stack).flatMap(parametersWritten);
      const unknownNames = written.filter((name) => !known.includes(name));
      const denied = written.filter(
        (name) =>
          role?.type !== "aws_iam_role" ||
          !may(graph, role, {
            action: "ssm:PutParameter",
            resource: `arn:aws:ssm:${region}:${graph.account ?? ""}:parameter${name}`,
          }),
      );
      return [
        ...unknownNames.map((name) => `${one.address} does not know ${name} of ${region}: it cannot freeze the writes there.`),
        ...denied.map(
          (name) =>
            `${role?.address ?? one.address} does not allow ssm:PutParameter on ${name} of ${region}: writes there go on during a takeover.`,
        ),
        ...known
          .filter((name) => !existsIn(stacks, stack, name))
          .map((name) => `${one.address} knows ${name} of ${region}, which does not exist there.`),
      ];
    });
  });
}

/** Whether something of a region has a name: a parameter, a cluster, a load balancer, a state machine, an alarm. */
function existsIn(stacks: readonly Graph[], stack: Graph, name: string): boolean {
  if (name.startsWith("/"))
    return name.includes(`/${stack.region ?? ""}/`) ? parametersOf(stacks, name).length > 0 : parametersOf([stack], name).length > 0;
  const named: readonly (readonly [string, string])[] = [
    ["aws_rds_cluster", "cluster_identifier"],
    ["aws_lb", "name"],
    ["aws_cloudwatch_metric_alarm", "alarm_name"],
    ["aws_cloudwatch_composite_alarm", "alarm_name"],
  ];
  if (name.startsWith("arn:")) return stack.all("aws_sfn_state_machine").some((machine) => stack.arn(machine) === name);
  return named.some(([type, attribute]) => stack.all(type).some(({ values }) => stack.text(values[attribute]) === name));
}
