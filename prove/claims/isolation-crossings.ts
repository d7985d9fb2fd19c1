import { arnsOf, Inventory, type NamedArn, stringsIn } from "../graph/elsewhere";
import type { Graph } from "../graph/graph";
import { block, text } from "../graph/values";

const inventories = new WeakMap<readonly Graph[], Map<string, Inventory>>();

/** What is in a region, in all stacks. Undefined if no stack is in it. */
export function inventoryOf(stacks: readonly Graph[], region: string): Inventory | undefined {
  const known = inventories.get(stacks) ?? new Map<string, Inventory>();
  inventories.set(stacks, known);
  const isThere = stacks.some((stack) => stack.region === region);
  const inventory = known.get(region) ?? (isThere ? new Inventory(stacks, region) : undefined);
  if (inventory) known.set(region, inventory);
  return inventory;
}

/** Arguments that only describe. */
const TEXTS = /description|^(?:dashboard_body|content|output|tags|depends_on)$/;
/** Types that only show. */
const SHOWN = ["aws_cloudwatch_dashboard", "aws_ssm_document", "terraform_data"];

/** Types whose ARNs of their own region must be those of a resource as well. */
const EXISTING = ["aws_sfn_state_machine", "aws_lambda_function"];

/**
 * Whether an ARN of another region may be in an argument: a permission to call it or to be called by it, what a function knows,
 * which has a client for each region, and the target of a copy. Everything else AWS calls in the region of the resource only.
 */
function mayCross({ resource: { type }, argument }: NamedArn): boolean {
  if ([type, argument].some((name) => name.includes("policy")) || type === "aws_lambda_permission") return true;
  if (type === "aws_lambda_function") return argument === "environment";
  return (type === "aws_backup_plan" && argument === "rule") || /replica|source/.test(argument) || type.includes("replication");
}

/** ARNs of other regions in arguments where AWS calls its own region only, or of no resource there. */
export function crossingFaults(graph: Graph, stacks: readonly Graph[]): string[] {
  return arnsOf(graph)
    .filter(({ resource, argument }) => !SHOWN.includes(resource.type) && !resource.type.startsWith("data.") && !TEXTS.test(argument))
    .flatMap((named) => {
      const { resource, argument, arn, region, account } = named;
      const isForeign = graph.account !== undefined && account !== graph.account;
      const isOwn = region === graph.region;
      if (isForeign) return [];
      if (isOwn && !EXISTING.includes(resource.type)) return [];
      if (!isOwn && !mayCross(named))
        return [
          `${argument} of ${resource.address} names ${arn}: it is called in ${String(graph.region)} only, or not at all while ${region} is lost.`,
        ];
      return inventoryOf(stacks, region)?.hasArn(arn) === false
        ? [`${argument} of ${resource.address} names ${arn}, which does not exist.`]
        : [];
    });
}

/** Names of a region in the environment of a function, and that nothing in that region has. */
export function toldFaults(graph: Graph, stacks: readonly Graph[]): string[] {
  const regions = new Set(stacks.flatMap(({ region }) => region ?? []));
  return graph.all("aws_lambda_function").flatMap((lambda) => {
    const variables = Object.entries(block(block(lambda.values["environment"])["variables"]));
    return variables.flatMap(([variable, value]) => {
      const own = graph.region === undefined ? undefined : inventoryOf(stacks, graph.region);
      const name = graph.text(value) ?? "";
      const others = [...regions].filter(
        (region) => region !== graph.region && name.includes(region) && inventoryOf(stacks, region)?.hasName(name) === true,
      );
      if (others.length > 0 && own?.hasName(name) === false)
        return [
          `${variable} of ${lambda.address} names ${name}, which is in ${others.join(", ")} only: it stands for ${String(graph.region)}.`,
        ];
      const document = /^[[{]/.test(text(value) ?? "") ? graph.document(value) : undefined;
      if (typeof document !== "object" || document === null) return [];
      return Object.entries(document).flatMap(([region, entry]) => {
        const inventory = regions.has(region) ? inventoryOf(stacks, region) : undefined;
        const odd = stringsIn(entry).filter((name) => !name.includes("${") && inventory?.hasName(name) === false);
        return odd.map((name) => `${variable} of ${lambda.address} names ${name} in ${region}, where nothing has that name.`);
      });
    });
  });
}
