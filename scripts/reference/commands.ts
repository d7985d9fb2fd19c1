import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { code, page, table } from "./markdown";

const SHELL_SCRIPTS = "scripts/ci";

/** npm scripts that run a tool instead of a program of the project. */
const isTool = (command: string): boolean => !command.startsWith("node scripts/");

/** `docs/reference/commands.md`, from the `--help` of every command. */
export function commandsPage(): string {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly scripts: Readonly<Record<string, string>> };
  const own = Object.entries(scripts).filter(([, command]) => !isTool(command));
  const tools = Object.entries(scripts).filter(([, command]) => isTool(command));
  const shell = readdirSync(SHELL_SCRIPTS).filter((file) => file.endsWith(".sh"));
  return page(
    "# Commands",
    "The commands of the project, with the text of their `--help`. `npm run reference` writes this page by executing them. Arguments of an npm script follow `--`: `npm run prove -- --claim Z2`.",
    "## npm scripts",
    ...own.map(([name, command]) => `### ${code(`npm run ${name}`)}\n\n${fenced(helpOf(command))}`),
    "## npm scripts for changes of the project",
    table(
      ["script", "what it executes"],
      tools.map(([name, command]) => [code(`npm run ${name}`), code(command)]),
    ),
    "## Shell scripts of a pipeline",
    ...shell.map((file) => `### ${code(`${SHELL_SCRIPTS}/${file}`)}\n\n${fenced(headOf(`${SHELL_SCRIPTS}/${file}`))}`),
  );
}

/** @throws if the command has no help */
export function helpOf(command: string): string {
  const [, ...words] = command.split(" ");
  const { status, stdout, stderr } = spawnSync(process.execPath, [...words, "--help"], { encoding: "utf8" });
  if (status !== 0 || !stdout.includes("usage: ")) throw new Error(`${command} --help prints no usage: ${stdout}${stderr}`);
  return stdout.trim();
}

/** The comment at the head of a script, which is its `--help`. */
function headOf(file: string): string {
  const lines = readFileSync(file, "utf8").split("\n");
  const rest = lines.slice(1);
  const end = rest.findIndex((line) => !line.startsWith("#"));
  return rest
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ""))
    .join("\n")
    .trim();
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
