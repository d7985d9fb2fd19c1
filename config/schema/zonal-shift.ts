import { z } from "zod";
import { flag, integer, strings } from "./builders";

/** A zonal shift ends after 72 hours at the latest. */
const START_ZONAL_SHIFT = "https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_StartZonalShift.html";

export const zonalShift = z
  .strictObject({
    automatic: flag.meta({
      about: "A runbook that shifts traffic away from a zone that alone is worse than the others.",
      details:
        "It requires runbooks.enabled. Never from a second zone, and never when the tasks of the other zones are too few. With false, only the alarm reports such a zone. A change to false DELETES THE LOGS of its executions.",
    }),
    hours: integer(1, 24, "hours", START_ZONAL_SHIFT).meta({
      about: "Hours of one shift. At its end, the runbook checks the zone again.",
    }),
    max_hours: integer(1, 72, "hours").meta({
      about: "Hours of all shifts of one execution. After them, an operator must decide.",
    }),
    autoshift: flag.meta({
      about: "Zonal autoshift: AWS shifts traffic away from a zone that it takes for impaired.",
      details:
        "AWS requires practice runs with it: about once a week, for 30 minutes, AWS shifts traffic away from a zone that is not impaired. It ends a practice run while the alarm on the share of errors is in ALARM.",
    }),
    blocked_windows: strings("up to 15 weekly windows in UTC without practice runs, each within one day", ["Mon:08:00-Mon:18:00"]).meta({
      about: "Weekly windows in UTC in which AWS starts no practice run, each within one day.",
      source: "https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_PracticeRunConfiguration.html",
    }),
  })
  .meta({ about: "Zonal shift of the load balancer." });
