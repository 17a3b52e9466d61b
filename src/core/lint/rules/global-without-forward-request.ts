import { globalPolicyPath } from "../../model/kinds/policy.ts";
import { childElement, childElements } from "../../policy/tree.ts";
import { walkElements } from "../../policy/walk.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

/** Any of these forwards the call, answers it, or may do so elsewhere. */
const answering = ["forward-request", "return-response", "mock-response", "include-fragment"];

export const globalWithoutForwardRequest: Rule = {
  id: "global-without-forward-request",
  severity: "error",
  summary: "A global document that forwards nothing.",
  why:
    "It is the `<forward-request />` of the global document that calls go out with, for every API that does not bring its own: " +
    "without it they all answer an empty 200 (learn.microsoft.com/azure/api-management/forward-request-policy).",
  examples: {
    bad: `
policies: { backend: <set-variable name="tries" value="@(0)" /> }`,
    good: `
policies: { backend: <forward-request timeout="120" /> }`,
  },
  check: ({ spec, source, model }) => {
    const global = model.resources.find(({ path }) => path === globalPolicyPath)?.document;
    // The document of a workspace stands below the global one, which forwards.
    const isGlobal = spec.service.workspace === undefined;
    if (!isGlobal || global === undefined || spec.policies === undefined) return [];
    const backend = childElement(global.root, "backend");
    const found = new Set<string>();
    walkElements(backend === undefined ? [] : childElements(backend), ({ name }) => found.add(name));
    if (answering.some((name) => found.has(name))) return [];
    const part = spec.policies.document === undefined ? "backend" : "document";
    return [
      {
        message:
          "the global document forwards nothing: every API without a `forward-request` of its own answers an empty 200",
        at: source.locateKey(pointer("policies", part)),
        help: "write `<forward-request />` in `backend`",
      },
    ];
  },
};
