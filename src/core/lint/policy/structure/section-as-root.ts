import { childElements } from "../../../policy/tree.ts";
import { isSectionName } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { atElement } from "./findings.ts";

export const sectionAsRoot: PolicyRule = {
  id: "section-as-root",
  severity: "error",
  summary: "A section is the root of the document.",
  why: "Sections stand in `policies`. The service answers for each policy: `Policy section is not allowed in the specified scope` (MicrosoftDocs/azure-docs#111058).",
  examples: {
    bad: `<inbound><set-method>GET</set-method></inbound>`,
    good: `<policies><inbound><base /><set-method>GET</set-method></inbound></policies>`,
  },
  *check({ root }) {
    if (!isSectionName(root.name)) return;
    yield atElement(root, {
      message: `the section \`${root.name}\` is the root of the document`,
      help: "put it into a `policies` element",
    });
    for (const element of childElements(root)) {
      yield atElement(element, {
        message: `\`${element.name}\` stands in a section without a \`policies\` element around it; the service refuses the document here`,
      });
    }
  },
};
