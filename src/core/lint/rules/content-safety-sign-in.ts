import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

export const contentSafetySignIn: Rule = {
  id: "content-safety-sign-in",
  severity: "info",
  summary: "A backend for content safety that this spec makes, and whose sign-in it cannot say.",
  why:
    "`llm-content-safety` signs in with the managed identity that is set on the backend itself, and ARM's version 2024-05-01 has no " +
    "property for that (learn.microsoft.com/azure/api-management/llm-content-safety-policy): without it every check is answered 401, " +
    "and the call is refused.",
  examples: {
    bad: `
backends: { safety: { url: https://contoso.cognitiveservices.azure.com } }
products: { team-a: { contentSafety: { backend: safety, shieldPrompt: true } } }`,
    good: `
existing: { backends: [safety] }
products: { team-a: { contentSafety: { backend: safety, shieldPrompt: true } } }`,
  },
  check: ({ spec, source }) =>
    Object.entries(spec.products ?? {}).flatMap(([id, { contentSafety }]) => {
      const backend = contentSafety?.backend;
      if (backend === undefined || spec.backends?.[backend] === undefined) return [];
      return [
        {
          message: `backend \`${backend}\` must sign in at Content Safety, which this spec cannot set`,
          at: source.locate(pointer("products", id, "contentSafety", "backend")),
          help: `make it in the portal with a managed identity for https://cognitiveservices.azure.com/, and list \`${backend}\` under \`existing.backends\``,
        },
      ];
    }),
};
