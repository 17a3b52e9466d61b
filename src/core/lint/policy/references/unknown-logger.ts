import type { PolicyRule } from "../policy-rule.ts";
import { attributePlaces } from "./attribute-places.ts";
import { unknownNames } from "./reference-findings.ts";

const document = (id: string) => ({
  text: `<policies><inbound><base /><log-to-eventhub logger-id="${id}">@(context.RequestId.ToString())</log-to-eventhub></inbound></policies>`,
  known: { loggers: ["audit"] },
});

export const unknownLogger: PolicyRule = {
  id: "unknown-logger",
  severity: "error",
  summary: "A policy names a logger that does not exist.",
  why: "The service answers `Logger not found` when the document is saved (Azure/azure-powershell#5386).",
  examples: { bad: document("audits"), good: document("audit") },
  *check(context) {
    if (context.known === undefined) return;
    const places = attributePlaces(context, "logger-id", "log-to-eventhub");
    yield* unknownNames(places, { kind: "logger", known: context.known.loggers });
  },
};
