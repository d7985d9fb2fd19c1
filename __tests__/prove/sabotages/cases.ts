import { CLAIMS, prove } from "../../../prove/claims";
import { Graph } from "../../../prove/graph/graph";
import { CONFIGURATIONS, EACH_PRESET } from "../../support/configurations";
import { stacksOf } from "../platforms";
import { SABOTAGES } from ".";
import { type Sabotage, sabotaged } from "./sabotage";

/** A sabotage in a stack of a configuration whose claim is proven without it. */
export interface Case {
  readonly title: string;
  readonly preset: string;
  readonly stack: string;
  readonly sabotage: Sabotage;
  /** The stacks, one of them broken. */
  readonly graphs: () => readonly Graph[];
}

const isTriedIn = (name: string, configuration: string | undefined): boolean =>
  configuration === undefined ? name in EACH_PRESET : configuration === name;

/** Every case of the claims with these ids. */
export function casesOf(isMeant: (claim: string) => boolean): readonly Case[] {
  const further = Object.entries(CONFIGURATIONS).filter(([name]) => SABOTAGES.some(({ configuration }) => configuration === name));
  const claims = CLAIMS.filter(({ id }) => isMeant(id));
  return [...Object.entries(EACH_PRESET), ...further].flatMap(([preset, overrides]) => {
    const stacks = stacksOf(overrides);
    const untouched = stacks.map(([name, json]) => new Graph(name, json));
    const proven = new Map(prove(untouched, claims).map(({ id, status }) => [id, status === "proven"]));
    return stacks.flatMap(([stack, json], index) =>
      SABOTAGES.filter(({ claim, configuration }) => isMeant(claim) && proven.get(claim) && isTriedIn(preset, configuration)).flatMap(
        (sabotage) => {
          const broken = sabotaged(stack, json, sabotage);
          const title = `${sabotage.claim}: ${sabotage.path} of ${sabotage.type} ${String(sabotage.id)} in ${stack} of ${preset}`;
          return broken === undefined
            ? []
            : [{ title, preset, stack, sabotage, graphs: () => untouched.with(index, new Graph(stack, broken)) }];
        },
      ),
    );
  });
}
