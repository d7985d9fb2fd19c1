import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "./config";
import { regionStack } from "./synthesized";
import type { PlannedChange, Terraform } from "./terraform";
import { plannedEffects } from "./transitions";

const SUFFIX = "test-1";
const BEFORE = { ...EVERYTHING, service: { tasks: { min: 8, max: 12 } } };
const TASKS = { key: "service.tasks", to: { service: { tasks: { min: 9, max: 12 } } } };
const WITHOUT_SHIFT = { key: "zonal_shift.automatic", to: { zonal_shift: { automatic: false } } };

const planned = (address: string, action: string, before = {}, after = {}): PlannedChange => ({
  address,
  type: address.slice(0, address.indexOf(".")),
  mode: "managed",
  change: { actions: [action], before, after },
});

/** What a plan of both changes with these changes of resources is attributed to. */
async function effectsOf(...changes: readonly PlannedChange[]): ReturnType<typeof plannedEffects> {
  const terraform = { plannedChanges: () => Promise.resolve(changes) } as unknown as Terraform;
  const none = { plannedChanges: () => Promise.resolve([]) } as unknown as Terraform;
  return await plannedEffects((stack) => (stack === "us-east-1" ? terraform : none), SUFFIX, BEFORE, [TASKS, WITHOUT_SHIFT]);
}

describe("the attribution of a plan to keys", () => {
  const machine = "aws_sfn_state_machine.zonal-shift_runbook_machine";
  const target = "aws_appautoscaling_target.service_scaling_target";

  it("gives the deletion of a resource to the key that removes it, not to one that changes its text", async () => {
    const definitionWith = (overrides: object) => regionStack({ ...BEFORE, ...overrides }).resource(machine)["definition"];
    expect(definitionWith(TASKS.to)).not.toBe(definitionWith({}));
    const { effects, unexplained } = await effectsOf(
      planned(machine, "delete"),
      planned(target, "update", { min_capacity: 8 }, { min_capacity: 9 }),
    );
    expect(Object.fromEntries(effects)).toEqual({ "service.tasks": "in place", "zonal_shift.automatic": "creation or deletion" });
    expect(unexplained).toEqual([]);
  });

  it("names a change that no key explains", async () => {
    const { unexplained } = await effectsOf(planned("aws_kms_key.database-key_key", "delete"));
    expect(unexplained).toEqual(["us-east-1: delete aws_kms_key.database-key_key"]);
  });
});
