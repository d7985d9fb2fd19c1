import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { command } from "../../commands/command";
import { deployOrder, destroyOrder, type Manifest } from "./manifest";

const HELP = `Prints the stacks of the last synth in the order of a destroy, one per line.

usage: node scripts/run.mjs scripts/ci/destroy-order.ts

The cluster that writes to a global database can only be deleted after all others. After a takeover, that is not the cluster of
the first region: this reads the writer from any region that responds, and puts its region last.`;

/** Time for the response of a region. A lost region may not respond at all. */
const TIMEOUT_MILLISECONDS = 10_000;
