import { parseArgs } from "node:util";
import { command } from "../../commands/command";
import { readSynthOutput } from "./last-synth";
import { destroyOrder, globalClusterOf, isRegion, isRemoved, stateRegionOf, suffixOf, waveOrder } from "./manifest";
import { readWriter } from "./writer";

const HELP = `Prints the stacks of the last synth in deployment order, one per line.

usage: node scripts/run.mjs scripts/ci/stacks.ts [--destroy | --waves]

  --destroy  in the order of a destroy. The cluster that writes to a global database can be deleted only after its other
             members, and after a takeover that is not the cluster of the first region. The writer is read from any region
             that responds, and its region comes last.
  --waves    in the order of a release in waves: the standby regions before the region of the writer, which is read as
             above. "wave" follows the name of each region that is a wave; a removed region is none.

Fails when ENVIRONMENT_SUFFIX is not the suffix of the last synth, so that a pipeline without a synth cannot change another
environment.`;

/** What to print when the region of the writer is not the expected one. */
interface Sentences {
  readonly unknown: (globalCluster: string, reason: string, first: string) => string;
  readonly moved: (globalCluster: string, region: string) => string;
}

const DESTROY: Sentences = {
  unknown: (globalCluster, reason, first) =>
    `The writer of the global database ${globalCluster} cannot be read (${reason}). The regions are destroyed in their normal order, which stops at the cluster of ${first} if another region is the primary after a takeover.`,
  moved: (globalCluster, region) =>
    `The cluster of ${region} is the writer of the global database ${globalCluster}, and can be deleted only after the others: ${region} is the last region that is destroyed.`,
};

const WAVES: Sentences = {
  unknown: (globalCluster, reason, first) =>
    `The writer of the global database ${globalCluster} cannot be read (${reason}). ${first} is the last wave, because it is the primary region of the configuration; another region could be the primary after a takeover.`,
  moved: (globalCluster, region) =>
    `The cluster of ${region} is the writer of the global database ${globalCluster}: ${region} is the primary region, and the last wave.`,
};

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { help: { type: "boolean", short: "h" }, destroy: { type: "boolean" }, waves: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { outdir, order, read } = readSynthOutput();
  const wanted = process.env["ENVIRONMENT_SUFFIX"];
  for (const stack of order) {
    const suffix = suffixOf(read(stack));
    if (wanted !== undefined && suffix !== wanted)
      throw new Error(`ENVIRONMENT_SUFFIX is ${wanted}, but ${outdir} was synthesized for ${suffix}. Run npm run synth first.`);
  }
  for (const line of await lines({ order, read }, values)) console.log(line);
  return 0;
}

async function lines(
  { order, read }: Pick<ReturnType<typeof readSynthOutput>, "order" | "read">,
  { destroy, waves }: { readonly destroy?: boolean | undefined; readonly waves?: boolean | undefined },
): Promise<readonly string[]> {
  if (destroy) return destroyOrder(order, await primaryRegion(order, read("global"), DESTROY));
  if (!waves) return order;
  const removed = order.filter((stack) => isRegion(stack) && isRemoved(read(stack)));
  const primary = await primaryRegion(order, read("global"), WAVES);
  return waveOrder(order, primary, removed).map(({ stack, isWave }) => (isWave ? `${stack} wave` : stack));
}

/** The region of the writer of the global database, otherwise the primary region of the configuration. */
async function primaryRegion(order: readonly string[], global: unknown, sentences: Sentences): Promise<string> {
  const regions = order.filter(isRegion);
  const first = stateRegionOf(global) ?? regions[0] ?? "";
  const globalCluster = globalClusterOf(global);
  if (globalCluster === undefined) return first;
  const writer = await readWriter(globalCluster, regions);
  if (writer === "none") return first;
  if ("unknown" in writer) {
    console.error(sentences.unknown(globalCluster, writer.unknown, first));
    return first;
  }
  if (writer.region !== first) console.error(sentences.moved(globalCluster, writer.region));
  return writer.region;
}

command(main);
