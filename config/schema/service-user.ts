import { z } from "zod";
import { AUTHENTICATIONS } from "../service-user";
import { flag, oneOf } from "./builders";

export const serviceUser = z
  .strictObject({ enabled: flag, authentication: oneOf(AUTHENTICATIONS), schema_changes: flag })
  .meta({
    expected: '{ enabled = ..., authentication = "password" or "iam", schema_changes = ... }',
    about: 'Database user "standfast_service" with fewer rights than the master user, for the services with access to the database.',
    details:
      'A function in the VPC creates the user during the apply: it reads and writes rows, and with schema_changes it also creates, changes and drops tables; it has no rights on users and on other databases. With enabled = false, the user exists and the services use the master user: to remove the table, set it first and deploy. Its removal DELETES THE LOGS of the function, and the secret. With authentication = "iam", tasks get no password: the program requests tokens (docs/program.md#database-user).',
    example: { enabled: true, authentication: "password", schema_changes: false },
  })
  .optional();
