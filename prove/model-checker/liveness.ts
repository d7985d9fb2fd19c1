import type { Frame, Program } from "./interpreter";
import { asText, isObject, type Json, type JsonObject } from "./json-path";

/** The top-level keys of the data that a state, or a later one, reads. */
type Live = ReadonlySet<string> | "all";

const NOTHING: Live = new Set();
const READ_FIELDS = ["InputPath", "Parameters", "ItemSelector", "ItemsPath", "Choices", "ErrorPath", "CausePath", "SecondsPath"];

/**
 * Drops the data of an execution that no later state reads: executions that differ in nothing else behave alike. The
 * analysis is the classical one of live variables, over the top-level keys of the data.
 */
export class Liveness {
  private readonly programs = new Map<Program, ReadonlyMap<string, Live>>();

  /** @param isOutputRead whether the output of the program is used */
  constructor(
    private readonly program: Program,
    private readonly isOutputRead = false,
  ) {}

  prune(frame: Frame): Frame {
    return this.pruneIn(this.program, frame, this.isOutputRead);
  }

  private pruneIn(program: Program, frame: Frame, isOutputRead: boolean): Frame {
    if (frame.kind === "ended" && !isOutputRead) return { kind: "ended", output: null };
    if (frame.kind !== "running") return frame;
    const state = program.States[frame.state];
    const live = this.live(program, isOutputRead).get(frame.state) ?? "all";
    const data = keep(frame.data, live);
    if (!frame.children || !state) return { ...frame, data };
    const inner = innerPrograms(state);
    const isResultRead = state["ResultPath"] !== null;
    const children = frame.children.map((child, index) => {
      const childProgram = inner[inner.length === 1 ? 0 : index];
      return childProgram ? this.pruneIn(childProgram, child, isResultRead) : child;
    });
    return { ...frame, data, children };
  }

  private live(program: Program, isOutputRead: boolean): ReadonlyMap<string, Live> {
    const known = this.programs.get(program);
    if (known) return known;
    const found = new Map<string, Live>();
    for (let hasChanged = true; hasChanged;) {
      hasChanged = false;
      for (const [name, state] of Object.entries(program.States).reverse()) {
        const before = found.get(name) ?? NOTHING;
        const after = union(before, this.liveBefore(state, found, isOutputRead));
        if (after !== "all" && before !== "all" && after.size === before.size) continue;
        if (after === before) continue;
        found.set(name, after);
        hasChanged = true;
      }
    }
    this.programs.set(program, found);
    return found;
  }

  private liveBefore(state: JsonObject, found: ReadonlyMap<string, Live>, isOutputRead: boolean): Live {
    const after = (next: Json | undefined): Live =>
      next === undefined ? (isOutputRead ? "all" : NOTHING) : (found.get(asText(next)) ?? NOTHING);
    const edges: Live[] = [];
    if (state["Type"] === "Choice")
      edges.push(...(state["Choices"] as readonly JsonObject[]).map((rule) => after(rule["Next"])), after(state["Default"] ?? "none"));
    else if (state["Type"] === "Succeed") edges.push(after(undefined));
    else if (state["Type"] !== "Fail") edges.push(without(after(state["Next"]), writtenBy(state)));
    for (const catcher of (state["Catch"] ?? []) as readonly JsonObject[])
      edges.push(without(after(catcher["Next"]), asText(catcher["ResultPath"] ?? "$")));
    return [...edges, reads(state), ...this.innerReads(state)].reduce(union, NOTHING);
  }

  /** A branch of a Parallel reads the data of its parent; an iteration of a Map reads its item. */
  private innerReads(state: JsonObject): Live[] {
    if (state["Type"] !== "Parallel") return [];
    const isResultRead = state["ResultPath"] !== null;
    return innerPrograms(state).map((inner) => this.live(inner, isResultRead).get(inner.StartAt) ?? NOTHING);
  }
}

function innerPrograms(state: JsonObject): readonly Program[] {
  if (state["Type"] === "Parallel") return state["Branches"] as unknown as readonly Program[];
  return [(state["ItemProcessor"] ?? state["Iterator"]) as unknown as Program];
}

/** The path that the result of a state replaces. */
function writtenBy(state: JsonObject): string | undefined {
  if (state["Type"] === "Wait") return undefined;
  if (state["Type"] === "Pass" && state["Parameters"] === undefined && state["Result"] === undefined) return undefined;
  return state["ResultPath"] === null ? undefined : asText(state["ResultPath"] ?? "$");
}

function without(live: Live, path: string | undefined): Live {
  if (path === undefined || live === "all") return live;
  if (path === "$") return NOTHING;
  const [, key] = /^\$\.(\w+)$/.exec(path) ?? [];
  return key === undefined ? live : new Set([...live].filter((each) => each !== key));
}

function reads(state: JsonObject): Live {
  const text = READ_FIELDS.map((field) => JSON.stringify(state[field] ?? "")).join(" ");
  if (/"\$"|[(,] ?\$[),]/.test(text)) return "all";
  return new Set([...text.matchAll(/(?<!\$)\$\.(\w+)/g)].map(([, key]) => key ?? ""));
}

function union(one: Live, other: Live): Live {
  if (one === "all" || other === "all") return "all";
  return new Set([...one, ...other]);
}

function keep(data: Json, live: Live): Json {
  if (live === "all" || !isObject(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => live.has(key)));
}
