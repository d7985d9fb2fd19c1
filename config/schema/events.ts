import { z } from "zod";
import { flag, integer } from "./builders";

export const events = z.strictObject({
  enabled: flag.meta({
    about: "Event bus of the application, with an archive for replays.",
    details: "A change to false DELETES THE ARCHIVE.",
  }),
  archive_days: integer(1, 3650, "days").meta({ about: "Retention of the archive in days." }),
});
