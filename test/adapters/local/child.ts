/** A local APIM in a process of its own, to be killed: `child.ts DIRECTORY`. Prints its endpoint. */
import { startLocalApim } from "../../../src/adapters/local/local-apim.ts";

const directory = process.argv[2];
if (directory === undefined) throw new Error("child.ts DIRECTORY");
const { endpoint } = await startLocalApim({ directory, importDelayMs: 1 });
process.stdout.write(`${endpoint}\n`);
