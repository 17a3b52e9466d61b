import { join } from "node:path";
import type { JsonObject } from "../core/json.ts";
import type { Clock, Files } from "../core/ports.ts";

/** Keeps what apply did, and the texts that it replaced, one JSON object a line. */
export interface Journal {
  /** Where it is, relative to the working directory. */
  readonly path: string;
  /** Throws Failure `FILE.UNWRITABLE`. */
  record(entry: JsonObject): Promise<void>;
}

/** A new journal in `.apimgw/journal`, named by time and plan. Nothing is written before the first entry. */
export function createJournal(files: Files, clock: Clock, digest: string): Journal {
  const stamp = clock.now().toISOString().replaceAll(":", "").replace(".", "-");
  const path = join(".apimgw", "journal", `${stamp}-${digest.slice(0, 8)}.jsonl`);
  let last: Promise<void> = Promise.resolve();
  return {
    path,
    record: (entry) => {
      const line = `${JSON.stringify({ time: clock.now().toISOString(), ...entry })}\n`;
      const written = last.then(() => files.append(path, line));
      // The next entry waits for this one, whether or not it could be written.
      last = written.catch(() => undefined);
      return written;
    },
  };
}
