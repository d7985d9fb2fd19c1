import { afterAll, beforeAll, describe } from "@jest/globals";
import { Emulator } from "./emulator";
import { findPythonWithMoto } from "./tools";

/** Options of an SDK client that calls the emulator, without retries. */
interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly maxAttempts: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Tests of the emulator itself: one for all of them, and the options of its clients. Skipped without Python and moto, never in CI. */
export function describeEmulator(
  title: string,
  tests: (client: (region: string) => ClientOptions, emulator: () => Emulator) => void,
): void {
  (findPythonWithMoto() || process.env["CI"] ? describe : describe.skip)(title, () => {
    let started: Emulator | undefined;
    const emulator = (): Emulator => {
      if (!started) throw new Error("the emulator was not started");
      return started;
    };

    // Python imports moto in seconds, and in more than a minute on a machine with much other work.
    beforeAll(async () => {
      started = await Emulator.start();
    }, 5 * 60_000);

    afterAll(() => started?.stop());

    tests(
      (region) => ({
        region,
        endpoint: emulator().endpoint,
        maxAttempts: 1,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      }),
      emulator,
    );
  });
}
