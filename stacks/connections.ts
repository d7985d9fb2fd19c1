import type { Config } from "../config/load";
import { EVENT_SOURCES } from "../config/platform-events";
import { CACHE_PORT, type Cache } from "../modules/cache/cache";
import type { Aurora } from "../modules/database/aurora";
import type { EventBus } from "../modules/events/event-bus";
import type { Statement } from "../modules/iam/policy";
import type { ParametersProps } from "../modules/parameters/parameters";
import { SESSION_EXPIRY, SESSION_KEY, type Sessions } from "../modules/sessions/sessions";
import type { DataBucket } from "../modules/storage/data-bucket";
import type { PaymentValidation } from "../modules/validation/payment-validation";

/** What the service must know, and may do, to use one of the stores. */
export interface Connection {
  /** Values in Parameter Store, by their path. */
  readonly parameters: ParametersProps["values"];
  /** Environment variables of the container, by the parameter that holds their value. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the program itself may do. */
  readonly statements: readonly Statement[];
}

/** The parameters that say which cluster is live, and where: a rewind leads the tasks by them. */
export const LIVE_DATABASE = {
  identifier: "database/cluster-identifier",
  writer: "database/writer-endpoint",
  reader: "database/reader-endpoint",
} as const;

/** The parameter that says whether the program may write: `allowed`, or `frozen` while another region takes over. */
export const WRITES = "service/writes";

/** @param changedByRunbook whether a rewind may lead the tasks to another cluster, and Terraform must leave them there */
export function databaseConnection(database: Aurora, name: string, changedByRunbook: boolean): Connection {
  return {
    parameters: {
      [LIVE_DATABASE.identifier]: { value: database.blueprint.clusterIdentifier, changedByRunbook },
      [LIVE_DATABASE.writer]: { value: database.writerEndpoint, changedByRunbook },
      [LIVE_DATABASE.reader]: { value: database.readerEndpoint, changedByRunbook },
      "database/port": String(database.port),
      "database/name": name,
      "database/secret-arn": { value: database.secretArn, sensitive: true },
    },
    variables: {
      DATABASE_WRITER_HOST: LIVE_DATABASE.writer,
      DATABASE_READER_HOST: LIVE_DATABASE.reader,
      DATABASE_PORT: "database/port",
      DATABASE_NAME: "database/name",
    },
    statements: [],
  };
}

export function cacheConnection(cache: Cache): Connection {
  return {
    parameters: {
      "cache/configuration-endpoint": cache.configurationEndpoint,
      "cache/port": String(CACHE_PORT),
      "cache/user": cache.userName,
    },
    variables: { CACHE_HOST: "cache/configuration-endpoint", CACHE_PORT: "cache/port", CACHE_USER: "cache/user" },
    statements: [cache.grantConnect()],
  };
}

export function sessionsConnection(sessions: Sessions): Connection {
  return {
    parameters: {
      "sessions/table": sessions.tableName,
      "sessions/key-attribute": SESSION_KEY,
      "sessions/expiry-attribute": SESSION_EXPIRY,
    },
    variables: { SESSIONS_TABLE: "sessions/table" },
    statements: sessions.grantUse(),
  };
}

export function storageConnection(buckets: {
  transactionLogs?: DataBucket | undefined;
  applicationData?: DataBucket | undefined;
}): Connection {
  const { transactionLogs, applicationData } = buckets;
  return {
    parameters: {
      ...(transactionLogs && { "storage/transaction-logs-bucket": transactionLogs.bucketName }),
      ...(applicationData && { "storage/application-data-bucket": applicationData.bucketName }),
    },
    variables: {
      ...(transactionLogs && { TRANSACTION_LOGS_BUCKET: "storage/transaction-logs-bucket" }),
      ...(applicationData && { APPLICATION_DATA_BUCKET: "storage/application-data-bucket" }),
    },
    statements: [
      ...(transactionLogs ? transactionLogs.grantAppend("TransactionLogs") : []),
      ...(applicationData ? applicationData.grantReadWrite("ApplicationData") : []),
    ],
  };
}

export function eventsConnection(bus: EventBus): Connection {
  return {
    parameters: { "events/bus": bus.busName, "events/source": EVENT_SOURCES.service },
    variables: { EVENT_BUS: "events/bus" },
    statements: bus.grantPut(EVENT_SOURCES.service),
  };
}

export function validationConnection(validation: PaymentValidation): Connection {
  return {
    parameters: { "validation/function": validation.alias.arn },
    variables: { VALIDATION_FUNCTION: "validation/function" },
    statements: validation.grantValidate(),
  };
}

/** What the platform's owner decides at synth, and the program reads. */
export function settings({ sessions, featureFlags, runbooks, regions }: Config): Connection {
  const flags = Object.entries(featureFlags).map(([name, value]) => [`flags/${name}`, value] as const);
  return {
    parameters: {
      "sessions/store": sessions,
      ...(runbooks.enabled && regions.length > 1 && { [WRITES]: { value: "allowed", changedByRunbook: true } }),
      ...Object.fromEntries(flags),
    },
    variables: { SESSION_STORE: "sessions/store" },
    statements: [],
  };
}

export function joined(connections: readonly (Connection | undefined)[]): Connection {
  const all = connections.filter((connection) => connection !== undefined);
  return {
    parameters: Object.assign({}, ...all.map(({ parameters }) => parameters)) as Connection["parameters"],
    variables: Object.assign({}, ...all.map(({ variables }) => variables)) as Connection["variables"],
    statements: all.flatMap(({ statements }) => statements),
  };
}
