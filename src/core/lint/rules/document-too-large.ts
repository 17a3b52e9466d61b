import { printPolicyDocument } from "../../policy/print.ts";
import type { PolicyNode } from "../../policy/tree.ts";
import type { Rule } from "../rule.ts";

const kibibyte = 1024;
/** Bytes of markup, escapes and indentation that a character of content can cost at most, generously. */
const most = 16;

export const documentTooLarge: Rule = {
  id: "document-too-large",
  severity: "error",
  summary: "A policy document is larger than the service takes.",
  why: "The limit is 256 KiB, and 16 KiB in the Consumption tier (learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai } }
apis:
  openai:
    operations:
      Chat:
        backend: a
        policies: { inbound: "<set-body>${"x".repeat(256 * kibibyte)}</set-body>" }`,
    good: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { operations: { Chat: { backend: a, policies: { inbound: "<set-body>x</set-body>" } } } } }`,
  },
  check: ({ spec, model }) => {
    const limit = (spec.service.sku === "Consumption" ? 16 : 256) * kibibyte;
    return model.resources.flatMap(({ document, id, origin }) => {
      // Printing thousands of small documents only to find them small would be most of lint's time.
      if (document === undefined || contentLength(document.root) * most < limit) return [];
      const size = Buffer.byteLength(printPolicyDocument(document, { dialect: "rawxml" }));
      if (size <= limit) return [];
      return [
        {
          message: `the policy document of \`${id}\` has ${Math.ceil(size / kibibyte)} KiB, and the service takes ${limit / kibibyte} KiB`,
          at: origin,
          help: "move parts into policy fragments",
        },
      ];
    });
  },
};

/** Characters of names and values, and one for each node. */
function contentLength(node: PolicyNode): number {
  if (node.type !== "element") return node.value.length + 1;
  const attributes = node.attributes.reduce(
    (sum, { name, value }) => sum + name.length + value.length + 1,
    0,
  );
  return node.children.reduce((sum, child) => sum + contentLength(child), node.name.length + 1 + attributes);
}
