import { z } from "zod";
import { flag, integer } from "./builders";

export const events = z.strictObject({
  enabled: flag.meta({ about: "An event bus for the application's events, with an archive from which they can be played again." }),
  archive_days: integer(1, 3650, "days").meta({ about: "Days that events are kept." }),
});
