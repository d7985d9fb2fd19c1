import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { writer } from "../commands/command";
import { Graph, type TerraformJson } from "../prove/graph/graph";
import { documentationPictures } from "./pictures";
import { synthesize } from "./synthesize";

const HELP = `Writes docs/pictures from the synthesized JSON of the presets.

usage: npm run pictures [-- --help]

Exit codes: 0 written, 1 error.`;

writer(HELP, () => {
  const stacksOf = (preset: string): readonly Graph[] =>
    [...synthesize({ preset })].map(([name, text]) => new Graph(name, JSON.parse(text) as TerraformJson));
  for (const [path, svg] of documentationPictures(stacksOf)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, svg);
    console.log(path);
  }
});
