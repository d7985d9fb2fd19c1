import { oncePerStack } from "../graph/memo";
import { hasWord, namesOf, suffixOf, tagsOf } from "../lifecycle/names";
import { text, type Values } from "../graph/values";
import { type Claim, decided, notApplicable, unknown } from "./claim";

/** Claims about names and tags, by which environments stay apart. */
export const NAMING_CLAIMS: readonly Claim[] = [
  {
    id: "N1",
    title: "Every name contains the suffix of the environment, which a default tag has too",
    requirementIds: [
      "S000-T13",
      "S000-S6",
      "S000-P1.3",
      "S002-T11",
      "S002-S5",
      "S003-T9",
      "S003-P1",
      "S003-S6",
      "S004-T6",
      "S004-P1",
      "S004-S7",
    ],
    decide: (graph, stacks) => {
      const names = namesOf(stacks, graph);
      const suffix = suffixOf(stacks);
      if (names.length === 0) return notApplicable("Nothing has a name.");
      if (suffix === undefined) return unknown("No value of a default tag is in most names: nothing says what the suffix is.");
      const faults = names
        // A name that was shortened to what AWS allows has lost a part of it.
        .filter(({ name, longest, isOpen }) => !isOpen && !hasWord(name, suffix) && name.length < longest)
        .map(
          ({ resource, name }) =>
            `The name of ${resource.address}, ${name}, does not contain ${suffix}: a second environment takes the same name.`,
        );
      return decided(faults, [`${names.length} names contain ${suffix}`], `All names contain ${suffix}.`);
    },
  },
  {
    id: "N2",
    title: "No two resources have the same name where AWS requires different ones",
    requirementIds: ["S000-P1.3", "S003-P1"],
    decide: (graph, stacks) => {
      const names = namesOf(stacks, graph);
      if (names.length === 0) return notApplicable("Nothing has a name.");
      const taken = takenNames(stacks, graph);
      const faults = names.flatMap(({ resource, name, scope }) => {
        const others = (taken.get(keyOf(scope, name)) ?? []).filter((other) => other !== `${graph.name} ${resource.address}`);
        return others.length === 0
          ? []
          : [
              `${resource.address} and ${others[0]?.replace(" ", ": ") ?? ""} have the same name, ${name}, in ${scope.split(",")[0] ?? ""}.`,
            ];
      });
      return decided(faults, [`${names.length} names`], "Names differ in the world, the account or the region, as AWS requires.");
    },
  },
  {
    id: "N3",
    title: "No name is longer than AWS allows",
    decide: (graph, stacks) => {
      const names = namesOf(stacks, graph).filter(({ isOpen }) => !isOpen);
      if (names.length === 0) return notApplicable("Nothing has a name.");
      const faults = names
        .filter(({ name, longest }) => name.length > longest)
        .map(
          ({ resource, name, longest }) =>
            `The name of ${resource.address} has ${name.length} characters, and AWS allows ${longest}: ${name}.`,
        );
      return decided(faults, [`${names.length} names`], "The longest of them fits.");
    },
  },
  {
    id: "N4",
    title: "Every provider gives the same default tags, and no resource overrides one",
    requirementIds: ["S003-C8", "S003-D15"],
    decide: (graph, stacks) => {
      const all = stacks.flatMap((other) => tagsOf(stacks, other));
      const own = tagsOf(stacks, graph);
      const wanted = expectedTags(all.map(({ tags }) => tags));
      if (own.length === 0 || wanted.size === 0) return notApplicable("No provider has default tags.");
      const faults = [
        ...own.flatMap(({ provider, tags, ignored }) =>
          [...wanted].flatMap(([key, value]) => {
            if (ignored.includes(key)) return [`${provider} ignores the tag ${key}.`];
            if (tags[key] === value) return [];
            return [
              `What ${provider} creates has ${tags[key] === undefined ? `no tag ${key}` : `the tag ${key} = ${tags[key]}`}, and other providers give ${value}.`,
            ];
          }),
        ),
        ...graph
          .all()
          .flatMap(({ address, values }) =>
            Object.entries((values["tags"] ?? {}) as Values).flatMap(([key, value]) =>
              wanted.has(key) && text(value) !== wanted.get(key) ? [`${address} overrides the tag ${key} with ${text(value) ?? ""}.`] : [],
            ),
          ),
      ];
      return decided(
        faults,
        [...wanted].map(([key, value]) => `${key} = ${value}`),
        "All providers agree.",
      );
    },
  },
];

const keyOf = (scope: string, name: string): string => `${scope} ${name.toLowerCase()}`;

/** Who has which name, over all stacks. */
const takenNames = oncePerStack((stacks): ReadonlyMap<string, readonly string[]> => {
  const taken = new Map<string, string[]>();
  for (const graph of stacks)
    for (const { resource, name, scope } of namesOf(stacks, graph)) {
      const key = keyOf(scope, name);
      const others = taken.get(key) ?? [];
      others.push(`${graph.name} ${resource.address}`);
      taken.set(key, others);
    }
  return taken;
});

/** Each tag that a provider gives, with the value that most of them give. */
function expectedTags(all: readonly Readonly<Record<string, string>>[]): ReadonlyMap<string, string> {
  const keys = [...new Set(all.flatMap((tags) => Object.keys(tags)))];
  return new Map(
    keys.map((key) => {
      const values = all.flatMap((tags) => tags[key] ?? []);
      const count = (value: string): number => values.filter((one) => one === value).length;
      return [key, [...values].sort((one, other) => count(other) - count(one))[0] ?? ""];
    }),
  );
}
