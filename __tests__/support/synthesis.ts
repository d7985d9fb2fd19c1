import { App, Testing } from "cdktf";
import { FailoverStack } from "../../stacks/failover-stack";
import { GlobalStack } from "../../stacks/global-stack";
import { platform } from "../../stacks/platform";
import { RegionStack } from "../../stacks/region/region-stack";
import { aConfig, given } from "./config";

type Overrides = Readonly<Record<string, unknown>>;

/** The JSON of the stack of one of the configuration's regions. */
export function synthesizeRegion(overrides: Overrides, index: number): string {
  const config = aConfig(overrides);
  const region = config.regions[index];
  if (!region) throw new Error(`no region ${index}`);
  return withoutTraces(() => Testing.synth(new RegionStack(Testing.app(), { config, given: given(overrides), region })));
}

export function synthesizeGlobal(overrides: Overrides): string {
  return withoutTraces(() => Testing.synth(new GlobalStack(Testing.app(), { config: aConfig(overrides), given: given(overrides) })));
}

export function synthesizeFailover(overrides: Overrides): string {
  return withoutTraces(() => Testing.synth(new FailoverStack(Testing.app(), { config: aConfig(overrides), given: given(overrides) })));
}

/** Synthesizes without the stack trace that cdktf captures for every token, which takes most of the time with Jest's source maps. */
function withoutTraces<Result>(synthesize: () => Result): Result {
  const traces = Object.getOwnPropertyDescriptor(Error, "captureStackTrace");
  Error.captureStackTrace = () => undefined;
  try {
    return synthesize();
  } finally {
    if (traces) Object.defineProperty(Error, "captureStackTrace", traces);
  }
}

/** Writes every stack of a platform, with the files that it refers to, as `npm run synth` does. */
export function synthesizePlatform(overrides: Overrides, outdir: string): void {
  const app = new App({ stackTraces: false, outdir });
  platform(app, { config: aConfig(overrides), given: given(overrides) });
  app.synth();
}
