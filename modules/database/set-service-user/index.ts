import { setTimeout } from "node:timers/promises";
import { connect, type Engine, type Login } from "./connect";
import { setMysqlUser } from "./mysql";
import { revokeIam, setPostgresqlUser } from "./postgresql";
import { credentials, parameter } from "./secrets";
import { type ServiceUser, type Session, UserError } from "./session";

export interface Request {
  /** Host name of the writer of a cluster to which the tasks do not connect yet. @default - that of the live cluster */
  readonly host?: string;
}

/** Attempts, and the time between them: permissions and a new password need some seconds to take effect. */
const ATTEMPTS = 5;
const PAUSE_MILLISECONDS = 5000;

/**
 * Creates the database user of the services, or changes it to what the configuration says. Repeating it has no further effect. Nothing
 * that this function returns, throws or logs contains a password.
 * @returns the user and the host name, which Terraform stores in its state
 * @throws when the user is not as configured afterwards
 */
export async function handler({ host: given }: Request): Promise<{ readonly user: string; readonly host: string }> {
  const host = given ?? (await repeated(liveHost));
  const { login, user } = await repeated(() => settings(host));
  const engine = requiredVariable("ENGINE") as Engine;
  await within(engine, login, async (session) => {
    if (engine === "aurora-mysql") await setMysqlUser(session, user);
    else await setPostgresqlUser(session, user);
    if (engine === "aurora-postgresql" && user.password === undefined) await keepMasterPassword(engine, login, session, user);
  });
  console.info(JSON.stringify({ message: `The user ${user.name} is as configured`, host }));
  return { user: user.name, host };
}

/**
 * The cluster to which the tasks connect: that of Terraform, or the one to which a rewind has switched them. The endpoint of a global
 * database is not used: after a takeover it is a host in another VPC, and AWS does not document whether the certificate contains its name.
 */
async function liveHost(): Promise<string> {
  const host = requiredVariable("HOST");
  const hostParameter = process.env["HOST_PARAMETER"];
  const value = hostParameter ? await parameter(hostParameter) : undefined;
  return value === undefined || value.endsWith(".global.rds.amazonaws.com") ? host : value;
}

async function settings(host: string): Promise<{ readonly login: Login; readonly user: ServiceUser }> {
  const master = await credentials(requiredVariable("MASTER_SECRET_ARN"));
  const userSecret = process.env["USER_SECRET_ARN"];
  const database = requiredVariable("DATABASE");
  return {
    login: { host, port: Number(requiredVariable("PORT")), database, user: master.username, password: master.password },
    user: {
      name: requiredVariable("USERNAME"),
      database,
      password: userSecret ? (await credentials(userSecret)).password : undefined,
      schemaChanges: requiredVariable("SCHEMA_CHANGES") === "true",
    },
  };
}

async function within(engine: Engine, login: Login, use: (session: Session) => Promise<void>): Promise<void> {
  const session = await repeated(() => connect(engine, login));
  try {
    await use(session);
  } finally {
    await session.end();
  }
}

/**
 * A member of a role that authenticates with IAM does so too, and PostgreSQL 16 makes a user a member of the roles that it creates. The
 * master user must keep its password, with which this function and operators connect.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html
 */
async function keepMasterPassword(engine: Engine, login: Login, session: Session, user: ServiceUser): Promise<void> {
  try {
    // Not repeated: as long as it fails, the master user is locked out.
    await (await connect(engine, login)).end();
  } catch (error) {
    await revokeIam(session, user);
    throw new UserError(
      `With IAM authentication of ${user.name}, the master user could not connect with its password: ${String(error)}. IAM authentication was taken from the user again. Set authentication = "password".`,
    );
  }
}

/** Repeats an action that fails. A message about the user itself is not repeated. */
async function repeated<Result>(action: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++)
    try {
      return await action();
    } catch (error) {
      if (attempt === ATTEMPTS || error instanceof UserError) throw error;
      console.warn(JSON.stringify({ message: `Attempt ${attempt} failed: ${String(error)}` }));
      await setTimeout(PAUSE_MILLISECONDS);
    }
}

function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}
