import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, measure, project, run } from "./measure.mjs";

const TEMPLATE = {
  "cdktf.json": JSON.stringify({ language: "typescript", app: "npx ts-node main.ts", projectId: "bench", sendCrashReports: "false" }),
  "main.ts": `import { Construct } from "constructs";
import { App, TerraformStack } from "cdktf";
class MyStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
  }
}
const app = new App();
new MyStack(app, "bench");
app.synth();
`,
};

/** Other ways to describe infrastructure with TypeScript. Their packages are installed from npm into a temporary folder. */
export function measurePeers({ runs }) {
  const peers = folder("peers");
  cpSync(join(project, "scripts", "bench", "aws-cdk"), peers, { recursive: true });
  const { status, stderr } = run("npm", ["ci", "--no-audit", "--no-fund"], peers);
  if (status !== 0) throw new Error(`the packages of scripts/bench/aws-cdk cannot be installed: ${stderr}`);
  const few = Math.min(runs, 3);
  const template = measure([join(project, "node_modules", ".bin", "cdktf"), "synth"], {
    cwd: templateFolder(peers),
    env: { CHECKPOINT_DISABLE: "1", CI: "1" },
    runs: few,
  });
  const cdk = [join(peers, "node_modules", ".bin", "cdk"), "synth", "--quiet", "--app", "npx ts-node --prefer-ts-exts app.ts"];
  const defaults = measure(cdk, { cwd: peers, env: { CDK_DISABLE_CLI_TELEMETRY: "1" }, runs: few });
  const resources = readdirSync(join(peers, "cdk.out"))
    .filter((file) => file.endsWith(".template.json"))
    .map((file) => Object.keys(JSON.parse(readFileSync(join(peers, "cdk.out", file), "utf8")).Resources).length)
    .reduce((sum, count) => sum + count, 0);
  run(
    join(peers, "node_modules", ".bin", "esbuild"),
    ["app.ts", "--bundle", "--platform=node", "--packages=external", "--outfile=app.cjs"],
    peers,
  );
  const bundled = measure([process.execPath, "app.cjs"], {
    cwd: peers,
    env: { CDK_VALIDATION: "false", CDK_OUTDIR: join(peers, "out") },
    runs,
  });
  return [
    { name: "CDKTF template without resources, cdktf synth", id: "template", ...template },
    { name: `AWS CDK, ${resources} resources, cdk synth`, id: "aws-cdk", ...defaults },
    { name: "AWS CDK, bundled, without validation", id: "aws-cdk-bundled", ...bundled },
  ];
}

/** What `cdktf init` generates, with the packages of this project, and ts-node from npm. */
function templateFolder(peers) {
  const path = folder("template");
  for (const [file, content] of Object.entries(TEMPLATE)) writeFileSync(join(path, file), content);
  const generated = join(project, "node_modules", "@cdktf", "cli-core", "templates", "typescript", "tsconfig.json");
  cpSync(generated, join(path, "tsconfig.json"));
  const modules = folder(join("template", "node_modules"));
  for (const name of ["cdktf", "constructs", "@cdktf"]) symlinkSync(join(project, "node_modules", name), join(modules, name));
  const own = readdirSync(join(peers, "node_modules")).filter((name) => !["constructs"].includes(name) && !name.startsWith("aws-cdk"));
  for (const name of own) symlinkSync(join(peers, "node_modules", name), join(modules, name));
  return path;
}
