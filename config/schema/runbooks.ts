import { z } from "zod";
import { flag } from "./builders";

export const runbooks = z.strictObject({
  enabled: flag.meta({ about: "Step Functions: health check, backup verification, and with several regions taking over." }),
  schedule: flag.meta({ about: "Run the harmless ones once a day." }),
});
