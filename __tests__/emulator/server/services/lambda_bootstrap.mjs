// Runs one invocation as Lambda's Node runtime does: node lambda_bootstrap.mjs FILE HANDLER SECONDS < event
// Standard output holds nothing but the answer; what the handler prints goes to standard error, the log.
import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers";
import { pathToFileURL } from "node:url";

const [file, handler, seconds] = process.argv.slice(2);
const answer = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const end = (code, result) => answer(JSON.stringify(result ?? null), () => process.exit(code));
const fail = (errorType, errorMessage, trace) => end(1, { errorType, errorMessage, trace });

try {
  const module = await import(pathToFileURL(file).href);
  const handle = module[handler] ?? module.default?.[handler];
  const event = JSON.parse(await text(process.stdin));
  const deadline = Date.now() + seconds * 1000;
  setTimeout(() => fail("Sandbox.Timedout", `Task timed out after ${Number(seconds).toFixed(2)} seconds`), seconds * 1000);
  const result = await handle(event, {
    awsRequestId: randomUUID(),
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  });
  end(0, result);
} catch (error) {
  console.error(error);
  fail(error?.name ?? "Error", error?.message ?? String(error), error?.stack?.split("\n"));
}
