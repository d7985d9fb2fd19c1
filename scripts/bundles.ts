import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { build } from "../modules/functions/bundle";

const CODE = "index.js";

/** Writes the code of every Lambda function below a folder, and prints each file and the size of its ZIP archive as JSON. */
const [, , target = ""] = process.argv;
const written = readdirSync("modules").flatMap((module) =>
  readdirSync(join("modules", module))
    .filter((name) => existsSync(join("modules", module, name, "index.ts")))
    .map((name) => {
      const zip = build(`modules/${module}/${name}`);
      const file = join(target, name, CODE);
      mkdirSync(join(target, name), { recursive: true });
      writeFileSync(file, strFromU8(unzipSync(zip)[CODE] ?? new Uint8Array()));
      return { name, file, bytes: zip.length };
    }),
);
console.log(JSON.stringify(written));
