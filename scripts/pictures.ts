import { DEFAULT_PRESET, PRESETS } from "../config/presets";
import type { Graph } from "../prove/graph/graph";
import { picturesOf } from "../prove/pictures";

const FOLDER = "docs/pictures";

/**
 * The pictures of the documentation, by their paths: every one of the default preset, and the overview of each other preset.
 * @param stacksOf the synthesized stacks of a preset
 */
export function documentationPictures(stacksOf: (preset: string) => readonly Graph[]): ReadonlyMap<string, string> {
  return new Map(
    Object.keys(PRESETS).flatMap((preset) =>
      [...picturesOf(stacksOf(preset))]
        .filter(([name]) => preset === DEFAULT_PRESET || name === "overview")
        .map(([name, svg]) => [`${FOLDER}/${name}${preset === DEFAULT_PRESET ? "" : `-${preset}`}.svg`, svg] as const),
    ),
  );
}
