import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { command } from "../commands/command";
import { Graph, type TerraformJson } from "../prove/graph/graph";
import { documentationPictures } from "./pictures";
import { synthesize } from "./synthesize";

/** Writes docs/pictures from the synthesized JSON of the presets: `npm run pictures`. */
command(() => {
  const stacksOf = (preset: string): readonly Graph[] =>
    [...synthesize({ preset })].map(([name, text]) => new Graph(name, JSON.parse(text) as TerraformJson));
  for (const [path, svg] of documentationPictures(stacksOf)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, svg);
    console.log(path);
  }
  return Promise.resolve(0);
});
