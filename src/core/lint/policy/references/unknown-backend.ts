import type { PolicyRule } from "../policy-rule.ts";
import { attributePlaces } from "./attribute-places.ts";
import { unknownNames } from "./reference-findings.ts";

const attributes = ["backend-id", "embeddings-backend-id"];

const document = (id: string) => ({
  text: `<policies><inbound><base /><set-backend-service backend-id="${id}" /></inbound></policies>`,
  known: { backends: ["orders"] },
});

export const unknownBackend: PolicyRule = {
  id: "unknown-backend",
  severity: "error",
  summary: "A policy names a backend that does not exist.",
  why: "The service answers `Backend with id could not be found` when the document is saved (Azure/apiops#56).",
  examples: { bad: document("order"), good: document("orders") },
  *check(context) {
    if (context.known === undefined) return;
    const places = attributes
      .flatMap((name) => attributePlaces(context, name))
      // `dapr` is no backend but another form of set-backend-service.
      .filter(({ element, name }) => !(element.name === "set-backend-service" && name === "dapr"));
    yield* unknownNames(places, { kind: "backend", known: context.known.backends });
  },
};
