import { windowMinutes } from "../maintenance-windows";
import { valueAt } from "../paths";
import { problemIf, type Rule } from "./rule";

/** The minimum length of a daily or weekly window, which the service checks at apply only. @param key path of the key */
export function windowRule(key: string, leastMinutes: number, source: string): Rule {
  return {
    reads: [key],
    check: (config) => {
      const given = String(valueAt(config, key.split(".")));
      return problemIf(windowMinutes(given) < leastMinutes, {
        where: key,
        given,
        why: `is shorter than ${leastMinutes} minutes; AWS rejects this at apply`,
        instead: `a window of at least ${leastMinutes} minutes`,
        source,
      });
    },
  };
}
