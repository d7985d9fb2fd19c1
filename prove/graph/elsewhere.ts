import type { Graph } from "./graph";
import { regionOf } from "./providers";
import type { Resource } from "./values";

/** An ARN with a region, in a resource. */
export interface NamedArn {
  readonly resource: Resource;
  /** Argument of the resource in which it is: `definition`. */
  readonly argument: string;
  readonly arn: string;
  readonly region: string;
  readonly account: string;
}

const ARN = /arn:aws:[\w-]+:([a-z]{2}(?:-[a-z]+)+-\d+):(\d{12}|\*):[^\s"'\\,;)}\]]+/g;
const NAME_ARGUMENT = /(?:^|_)(?:name|identifier|id|bucket|alias)$/;
/** Services whose ARNs are made of names. */
const NAMED_SERVICES = [
  "backup",
  "dynamodb",
  "ecs",
  "events",
  "lambda",
  "rds",
  "sns",
  "sqs",
  "ssm",
  "states",
  "cloudwatch",
  "elasticloadbalancing",
];

/** The ARNs with a region that the resources of a stack name, as literals or by their names. */
export function arnsOf(graph: Graph): readonly NamedArn[] {
  return graph.all().flatMap((resource) =>
    Object.entries(resource.values).flatMap(([argument, value]) =>
      stringsIn(value).flatMap((text) => {
        if (!text.includes("arn:")) return [];
        return [...(graph.text(text) ?? "").matchAll(ARN)].map(([arn, region = "", account = ""]) => ({
          resource,
          argument,
          arn,
          region,
          account,
        }));
      }),
    ),
  );
}

/** The texts of a value, at every depth. */
export function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** What stands in a region: the ARNs and the names of its resources. */
export class Inventory {
  private readonly arns: ReadonlySet<string>;
  private readonly names: ReadonlySet<string>;

  constructor(stacks: readonly Graph[], region: string) {
    const found = stacks.flatMap((graph) =>
      graph.all().flatMap((resource) => (regionOf(graph, resource) === region ? [{ graph, resource }] : [])),
    );
    this.arns = new Set(
      found.flatMap(({ graph, resource }) =>
        [...balancerArns(graph, resource), graph.arn(resource) ?? ""].map((arn) => arn.replace(`:${graph.region ?? ""}:`, `:${region}:`)),
      ),
    );
    this.names = new Set(
      found.flatMap(({ graph, resource }) =>
        Object.entries(resource.values).flatMap(([argument, value]) =>
          NAME_ARGUMENT.test(argument) && typeof value === "string" ? [graph.text(value) ?? value] : [],
        ),
      ),
    );
  }

  /** Whether an ARN, with `*` for any text, is the one of a resource. Undefined for what has an ARN that AWS chooses. */
  hasArn(arn: string): boolean | undefined {
    const isNamed = NAMED_SERVICES.includes(arn.split(":")[2] ?? "") ? false : undefined;
    if (!arn.includes("*")) return this.arns.has(arn) || isNamed;
    const pattern = arn.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
    const expression = new RegExp(`^${pattern.join(".*")}$`, "s");
    return [...this.arns].some((known) => expression.test(known)) || isNamed;
  }

  hasName(name: string): boolean {
    return this.names.has(name) || this.arns.has(name);
  }
}

/** ARNs of a load balancer and of its rules. The last parts are chosen by AWS. */
function balancerArns(graph: Graph, { type, values }: Resource): readonly string[] {
  const name = graph.text(values["name"]);
  if (type !== "aws_lb" || name === undefined || graph.region === undefined || graph.account === undefined) return [];
  const prefix = `arn:aws:elasticloadbalancing:${graph.region}:${graph.account}`;
  return [`${prefix}:loadbalancer/app/${name}/1`, `${prefix}:listener/app/${name}/1/2`, `${prefix}:listener-rule/app/${name}/1/2/3`];
}
