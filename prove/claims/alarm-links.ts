import { alarmsOf } from "../alarms/alarms";
import { rulesOf, targetsOf } from "../alarms/events";
import type { Graph } from "../graph/graph";
import { block } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";

/** A text that people read, with its link. */
interface Message {
  readonly from: string;
  readonly text: string;
}

const LINK = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>\\]+/gi;
/** A page of Systems Manager: an SSM document, as the console shows it. */
const DOCUMENT = /^\/systems-manager\/documents\/([^/]+)\//;
/** What is in brackets behind the link: a heading of the page. */
const HEADING = /^ \(([^()]+)\)/;

export const LINK_CLAIMS: readonly Claim[] = [
  {
    id: "A10",
    title: "Every alarm and event has a link to a runbook, and the link opens a page that exists",
    decide: (graph, stacks) => {
      const messages = messagesOf(graph);
      if (!messages.some(({ text }) => text.match(LINK))) return notApplicable("No alarm has a link.");
      const faults = messages.flatMap(({ from, text }) => {
        const links = [...text.matchAll(LINK)];
        if (links.length === 0) return [`${from} has no link, and others have one.`];
        return links.flatMap(([link], index) =>
          linkFaults(stacks, from, link, HEADING.exec(text.slice((links[index]?.index ?? 0) + link.length))?.[1]),
        );
      });
      return decided(
        faults,
        [...new Set(messages.flatMap(({ text }) => text.match(LINK) ?? []))],
        `${messages.length} alarms and events link to pages that exist.`,
      );
    },
  },
];

function messagesOf(graph: Graph): readonly Message[] {
  const { metric, composite } = alarmsOf(graph);
  return [
    ...[...metric.values(), ...composite.values()].map(({ resource }) => ({
      from: resource.address,
      text: graph.text(resource.values["alarm_description"]) ?? "",
    })),
    ...rulesOf(graph).flatMap((rule) =>
      targetsOf(graph, rule)
        .filter(({ values }) => graph.target(values["arn"])?.type === "aws_sns_topic" && values["input_transformer"] !== undefined)
        .map(({ address, values }) => ({ from: address, text: graph.text(block(values["input_transformer"])["input_template"]) ?? "" })),
    ),
  ];
}

function linkFaults(stacks: readonly Graph[], from: string, link: string, heading: string | undefined): readonly string[] {
  if (!URL.canParse(link)) return [`${from} links to ${link}, which is not a URL.`];
  const { protocol, hostname, pathname, searchParams } = new URL(link);
  if (protocol !== "https:" || !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/.test(hostname))
    return [`${from} links to ${link}, which is not an https URL of a host in the internet.`];
  const [, name] = DOCUMENT.exec(pathname) ?? [];
  if (name === undefined) return [];
  const region = searchParams.get("region") ?? hostname.split(".")[0];
  const documents = stacks
    .filter((stack) => stack.region === region)
    .flatMap((stack) => stack.all("aws_ssm_document").map((page) => [stack, page] as const));
  const found = documents.find(([stack, { values }]) => stack.text(values["name"]) === name);
  if (!found) return [`${from} links to the SSM document ${name} in ${String(region)}, which does not exist.`];
  if (!hostname.startsWith(`${String(region)}.console.`) && !hostname.startsWith("console."))
    return [`${from} links to ${hostname}, which is not the console of ${String(region)}.`];
  const page = found[0].text(found[1].values["content"]) ?? "";
  return heading === undefined || new RegExp(`# ${escaped(heading)}(\\\\n|\\n|")`).test(page)
    ? []
    : [`${from} links to the heading ${heading} of ${name}, which does not have it.`];
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
