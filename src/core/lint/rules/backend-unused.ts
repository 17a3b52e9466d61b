import { resolvedReferences } from "../resolved-references.ts";
import { backendsOf, listedOperations } from "../spec-entries.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

export const backendUnused: Rule = {
  id: "backend-unused",
  severity: "warning",
  summary: "A backend or pool that no operation, pool, fallback or policy names.",
  why: "It is created on the service and never called: mostly a name that was forgotten in an operation.",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai }, b: { url: https://b.example/openai } }
apis: { openai: { operations: { Chat: { backend: a } } } }`,
    good: `
backends: { a: { url: https://a.example/openai }, b: { url: https://b.example/openai } }
apis: { openai: { operations: { Chat: { backend: a, fallback: [b] } } } }`,
  },
  check: (context) => {
    const { spec, source, model } = context;
    if (Object.keys(spec.apis ?? {}).length === 0) return [];
    const called = listedOperations(context).flatMap(({ operation }) => backendsOf(context, operation));
    // A backend that is only called through the ones for its deployments is named all the same.
    const used = new Set([
      ...resolvedReferences(model),
      ...called.map((id) => `backends/${id}`.toLowerCase()),
    ]);
    const unused = (key: "backends" | "pools") =>
      Object.keys(spec[key] ?? {})
        .filter((id) => !used.has(`backends/${id}`.toLowerCase()))
        .map((id) => ({
          message: `nothing names ${key === "pools" ? "pool" : "backend"} \`${id}\``,
          at: source.locateKey(pointer(key, id)),
          help: "name it in an operation, a pool or a fallback, or remove it",
        }));
    return [...unused("backends"), ...unused("pools")];
  },
};
