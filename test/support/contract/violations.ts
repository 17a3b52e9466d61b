/** What the tests of one file send to ARM, and what of it they should not have sent. */
import { recordRequests } from "./record-requests.ts";
import type { SentRequest } from "./record-requests.ts";

const sent: SentRequest[] = [];

/** Remembers a request until it is asked what was wrong. */
export function noteRequest(request: SentRequest): void {
  sent.push(request);
}

/** Remembers what this process sends from now on. */
export function recordOwnRequests(): void {
  recordRequests(noteRequest);
}

/** What was wrong with the requests since the last time. The swagger is loaded only for tests that send any. */
export async function takeViolations(): Promise<string[]> {
  const requests = sent.splice(0);
  if (requests.length === 0) return [];
  const { requestFaults } = await import("./request-faults.ts");
  return requests.flatMap(requestFaults);
}
