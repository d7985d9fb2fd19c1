import { REGIONS } from "../../config/regions";

/** What the file needs from a person. Everything else has a default. */
export interface Answers {
  readonly account: string;
  readonly suffix: string;
  readonly preset: string;
  readonly "zone-name": string;
  readonly "zone-id": string;
  readonly emails: readonly string[];
  /** Empty: those of the preset. */
  readonly regions: readonly string[];
}

/** `[a, b]` in the Terraform language. */
const list = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;

/**
 * The example with the answers in the place of its values. Its comments stay.
 * @param example text of terraform.tfvars.example
 */
export function fileWith(example: string, answers: Answers): string {
  const values: readonly (readonly [line: RegExp, text: string])[] = [
    [/^preset = .*$/m, `preset = ${JSON.stringify(answers.preset)}`],
    [/^environment_suffix = .*$/m, `environment_suffix = ${JSON.stringify(answers.suffix)}`],
    [/^account_id = .*$/m, `account_id = ${JSON.stringify(answers.account)}`],
    [/^( *zone_name +)= .*$/m, `$1= ${JSON.stringify(answers["zone-name"])}`],
    [/^( *zone_id +)= .*$/m, `$1= ${JSON.stringify(answers["zone-id"])}`],
    [/^alert_emails = .*$/m, `alert_emails = ${list(answers.emails)}`],
    ...(answers.regions.length === 0 ? [] : [[/^#regions = \[$(?:\n#.*$)*?\n#\]$/m, regionsOf(answers.regions)] as const]),
  ];
  return values.reduce((text, [line, value]) => {
    if (!line.test(text)) throw new Error(`terraform.tfvars.example has no line ${line.source}: restore it with git.`);
    return text.replace(line, value);
  }, example);
}

/** Zones a, b and c of each region, and a range of its own. Accounts differ in their letters: the plan reports a zone that is missing. */
function regionsOf(names: readonly string[]): string {
  const blocks = names.map((name, index) =>
    [
      "  {",
      `    name               = ${JSON.stringify(name)}`,
      `    availability_zones = ${list(zonesOf(name))}`,
      `    vpc_cidr           = "10.${index}.0.0/16"`,
      ...(index === 0 ? [] : ['    standby            = "hot"']),
      "  },",
    ].join("\n"),
  );
  return ["regions = [", ...blocks, "]"].join("\n");
}

function zonesOf(region: string): readonly string[] {
  const letters = region === "ca-central-1" ? ["a", "b", "d"] : ["a", "b", "c"];
  return letters.map((letter) => `${region}${letter}`);
}

/** A question with what is asked for, and its default. */
export interface Question {
  readonly key: keyof Answers;
  readonly text: string;
  readonly default: string;
}

/** @param account of the credentials, if there are any */
export function questions(presets: readonly string[], account: string | undefined): readonly Question[] {
  return [
    { key: "account", text: "Id of the AWS account", default: account ?? "" },
    { key: "preset", text: `Preset: ${presets.join(", ")}`, default: presets[0] ?? "" },
    { key: "suffix", text: "Suffix of every name, e.g. try-001", default: "try-001" },
    { key: "zone-name", text: "Name of the hosted zone, e.g. bank.net", default: "" },
    { key: "zone-id", text: "Id of the hosted zone, e.g. Z0123456789ABC", default: "" },
    { key: "emails", text: "E-mail addresses for alerts, separated by commas", default: "" },
    {
      key: "regions",
      text: `Regions, the primary region first, separated by commas (${REGIONS.slice(0, 3).join(", ")}, …); empty for those of the preset`,
      default: "",
    },
  ];
}

/** Text that a person has entered, as an answer. */
export function answerFrom(key: keyof Answers, text: string): string | readonly string[] {
  if (key !== "emails" && key !== "regions") return text.trim();
  return text
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
}
