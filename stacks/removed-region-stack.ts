import type { Construct } from "constructs";
import type { Config } from "../config/config";
import { StandfastStack } from "./standfast-stack";

export interface RemovedRegionStackProps {
  readonly config: Config;
  readonly given: Readonly<Record<string, unknown>>;
  readonly region: string;
}

/** A region without resources: the provider and the state with which an apply destroys what the region has. */
export class RemovedRegionStack extends StandfastStack {
  constructor(scope: Construct, { config, given, region }: RemovedRegionStackProps) {
    super(scope, region, { config, given, region });
  }
}
