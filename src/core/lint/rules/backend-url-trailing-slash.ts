import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendEntries } from "../spec-entries.ts";

export const backendUrlTrailingSlash: Rule = {
  id: "backend-url-trailing-slash",
  severity: "warning",
  summary: "A backend's URL ends in a slash.",
  why: "The rest of the request's path is put behind the URL; the documentation advises against a slash there (learn.microsoft.com/azure/api-management/backends).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai/ } }`,
    good: `
backends: { a: { url: https://a.example/openai } }`,
  },
  check: (context) =>
    backendEntries(context)
      .filter(([, backend]) => backend.url.endsWith("/"))
      .map(([id]) => ({
        message: `the URL of backend \`${id}\` ends in a slash`,
        at: context.source.locate(pointer("backends", id, "url")),
        help: "remove the slash",
      })),
};
