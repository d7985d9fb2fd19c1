import { z } from "zod";
import { flag } from "./builders";

export const runbooks = z.strictObject({
  enabled: flag.meta({
    about: "State machines of Step Functions: health check, backup verification, zonal shift, and with several regions region takeover.",
    details: "A change to false DELETES THE LOGS of their executions.",
  }),
  schedule: flag.meta({ about: "Daily executions of the read-only runbooks." }),
});
