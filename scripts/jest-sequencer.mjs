// Starts the longest tests first, to shorten the whole run. Jest itself knows the duration of a test only after an earlier
// run on the same machine.
import Sequencer from "@jest/test-sequencer";

const LONGEST_FIRST = [
  "emulator/transitions",
  "emulator/cdktf-cli",
  "emulator/pipeline",
  "emulator/two-regions",
  "emulator/service-needs",
  "emulator/second-region",
  "emulator/existing-vpc",
  "emulator/release-in-steps",
  "emulator/region",
  "emulator/operations",
  "emulator/presets",
  "emulator/",
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
