import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync } from "node:fs";
import {
  constants,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ADDRESS, findProviderProgram, ProviderProcess } from "./provider-process";
import { onlyTypes, usedTypes } from "./schemas";

const SERVICE = "/tfplugin5.Provider/";
/** gRPC prefixes a message with a byte for its compression and four for its length. */
const PREFIX_BYTES = 5;

/** A provider process that one connection of Terraform's uses at a time. */
interface Backend {
  readonly process: Promise<ProviderProcess>;
  /** The provider block that the process has, as Terraform sent it. Undefined before the first. */
  configuration: string | undefined;
  used: boolean;
}

/** A connection of Terraform's, which is one provider block in one of its commands. */
interface Attached {
  backend: Backend;
  session: Promise<ClientHttp2Session>;
}

/**
 * AWS providers that run on between the commands of Terraform, behind one socket to which each command attaches. Without it, a
 * command starts a provider for each provider block and decodes all its schemas: most of the time of a plan. A process of its own
 * for each provider block keeps blocks with an alias apart, and the schemas are those of the types that the product uses.
 * @see https://developer.hashicorp.com/terraform/plugin/debugging#terraform-cli-configuration
 */
export class KeptProvider {
  private readonly backends: Backend[] = [];
  private readonly attached = new Map<ServerHttp2Session, Attached>();
  private readonly server: Http2Server = createServer();
  /** Where the processes run. The JSON names the archives of functions by paths relative to it. */
  private readonly folder = mkdtempSync(join(tmpdir(), "standfast-provider-"));
  private readonly socket = join(this.folder, "socket");
  private schemas: Promise<Buffer> | undefined;

  private constructor(private readonly env: NodeJS.ProcessEnv) {
    // Terraform reports a call that fails, and a connection that ends is no failure of a test.
    this.server.on("stream", (stream, headers) => {
      stream.on("error", () => undefined);
      this.answer(stream, headers).catch((error: unknown) => {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
    this.server.on("connection", (socket: Socket) => {
      socket.on("error", () => undefined);
    });
    this.server.on("session", (session) => {
      session.on("error", () => undefined);
      session.once("close", () => {
        this.detach(session);
      });
    });
  }

  /** @param env the endpoint and credentials of its requests to AWS */
  static async start(env: NodeJS.ProcessEnv): Promise<KeptProvider> {
    // A process rejects its second configuration if there is a bundle of certificates. The emulator has no certificate.
    const kept = new KeptProvider({ ...env, AWS_CA_BUNDLE: undefined });
    await once(kept.server.listen(kept.socket), "listening");
    return kept;
  }

  /** The variable with which Terraform attaches to it. */
  get environment(): { readonly TF_REATTACH_PROVIDERS: string } {
    const provider = { Protocol: "grpc", ProtocolVersion: 5, Pid: process.pid, Test: true, Addr: { Network: "unix", String: this.socket } };
    return { TF_REATTACH_PROVIDERS: JSON.stringify({ [ADDRESS]: provider }) };
  }

  /** Copies the archives of synthesized stacks to where the processes find them. Their paths contain a hash of their contents. */
  addAssets(outdir: string): void {
    for (const stack of readdirSync(join(outdir, "stacks"))) {
      const assets = join(outdir, "stacks", stack, "assets");
      if (existsSync(assets)) cpSync(assets, join(this.folder, "assets"), { recursive: true });
    }
  }

  async stop(): Promise<void> {
    this.server.close();
    for (const session of this.attached.keys()) session.destroy();
    await Promise.all(this.backends.map(async (backend) => (await backend.process).stop()));
  }

  private async answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const client = stream.session as ServerHttp2Session;
    const { ":path": path = "" } = headers;
    // The streams of the plugin protocol itself, for output and for further sockets, stay open and empty.
    if (!path.startsWith(SERVICE)) return;
    switch (path) {
      case `${SERVICE}GetSchema`: {
        this.schemas ??= this.loadSchemas(client, headers);
        respond(stream, await this.schemas);
        return;
      }
      case `${SERVICE}Configure`: {
        const request = await buffer(stream);
        const configuration = request.toString("base64");
        this.attach(client, configuration);
        await this.forward(stream, headers, client, request);
        return;
      }
      default:
        await this.forward(stream, headers, client);
    }
  }

  /** Gives a connection a process that has this provider block or none yet, or that is new. */
  private attach(client: ServerHttp2Session, configuration?: string): Attached {
    this.detach(client);
    const idle = this.backends.filter(({ used }) => !used);
    const backend =
      idle.find((candidate) => configuration === undefined || candidate.configuration === configuration) ??
      idle.find((candidate) => candidate.configuration === undefined) ??
      this.startBackend();
    backend.used = true;
    backend.configuration = configuration ?? backend.configuration;
    const attached = { backend, session: backend.process.then((provider) => provider.connect()) };
    this.attached.set(client, attached);
    return attached;
  }

  private detach(client: ServerHttp2Session): void {
    const attached = this.attached.get(client);
    if (!attached) return;
    this.attached.delete(client);
    attached.backend.used = false;
    void attached.session.then((session) => {
      session.destroy();
    });
  }

  private startBackend(): Backend {
    program ??= findProviderProgram();
    const backend: Backend = { process: ProviderProcess.start(program, this.folder, this.env), configuration: undefined, used: false };
    this.backends.push(backend);
    return backend;
  }

  private async loadSchemas(client: ServerHttp2Session, headers: IncomingHttpHeaders): Promise<Buffer> {
    const { session } = this.attached.get(client) ?? this.attach(client);
    const request = (await session).request(headersOfCall(headers));
    request.end(framed(Buffer.alloc(0)));
    return framed(onlyTypes((await buffer(request)).subarray(PREFIX_BYTES), usedTypes()));
  }

  /** Passes a call on, and its answer back. @param body if it has been read already */
  private async forward(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, client: ServerHttp2Session, body?: Buffer): Promise<void> {
    const { session } = this.attached.get(client) ?? this.attach(client);
    const request = (await session).request(headersOfCall(headers));
    request.on("response", (answer, flags) => {
      const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(answer, { endStream, waitForTrailers: !endStream });
      if (!endStream) request.pipe(stream);
    });
    let trailers: IncomingHttpHeaders = {};
    request.on("trailers", (received: IncomingHttpHeaders) => (trailers = received));
    stream.on("wantTrailers", () => {
      stream.sendTrailers(trailers);
    });
    stream.on("close", () => {
      request.close();
    });
    request.on("error", () => {
      stream.destroy();
    });
    if (body) request.end(body);
    else stream.pipe(request);
  }
}

/** The program, for all tests of a process. */
let program: string | undefined;

const OF_CALLS = [":path", ":method", "content-type", "te", "grpc-timeout"];

/** The headers of a call, without those of its connection. */
function headersOfCall(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => OF_CALLS.includes(name)));
}

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function respond(stream: ServerHttp2Stream, message: Buffer): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": "0" });
  });
  stream.end(message);
}
