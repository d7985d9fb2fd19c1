// Starts the longest tests first, to shorten the whole run. Jest itself knows the duration of a test only after an earlier
// run on the same machine.
import Sequencer from "@jest/test-sequencer";

const LONGEST_FIRST = [
  "emulator/second-region",
  "emulator/transitions/applied",
  "emulator/two-regions",
  "emulator/transitions/removed",
  "emulator/transitions",
  "emulator/releases-in-waves",
  "emulator/cdktf-cli",
  "emulator/pipeline",
  "emulator/service-needs",
  "emulator/operations",
  "emulator/existing-vpc",
  "emulator/region",
  "emulator/release-in-steps",
  "emulator/presets",
  "emulator/zonal-shift",
  "emulator/state",
  "emulator/",
  "prove/sabotages-takeover",
  "model-checker/",
  "prove/sabotages",
  "prove/claims",
];

const rank = ({ path }) => {
  const found = LONGEST_FIRST.findIndex((part) => path.includes(part));
  return found === -1 ? LONGEST_FIRST.length : found;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((one, other) => rank(one) - rank(other) || one.path.localeCompare(other.path));
  }
}
