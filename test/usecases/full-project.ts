/** A spec that has every kind of resource, in two versions that differ in each of them. */
import type { SpecParts } from "./local-project.ts";

const operation = (id: string) => ({ operationId: id, responses: { 200: { description: "OK" } } });

function openApi(...ids: string[]): string {
  const paths = Object.fromEntries(ids.map((id) => [`/${id.toLowerCase()}`, { post: operation(id) }]));
  return JSON.stringify({ openapi: "3.0.1", info: { title: "Small", version: "1" }, paths });
}

export const files = {
  "one.json": openApi("Chat", "Images"),
  "two.json": openApi("Chat", "Images", "Audio"),
};

export function version(which: "one" | "two"): SpecParts {
  const isOne = which === "one";
  return {
    namedValues: { n: { value: isOne ? "1" : "2" } },
    loggers: { l: { description: which, applicationInsights: { instrumentationKey: "{{n}}" } } },
    backends: { a: { url: `https://${which}.example` }, b: { url: "https://b.example", title: which } },
    pools: { p: { members: [{ backend: "a" }, { backend: "b", weight: isOne ? 1 : 2 }] } },
    fragments: { f: `<set-variable name="x" value="${which}" />` },
    apis: {
      small: {
        path: which,
        openapi: `${which}.json`,
        diagnostics: { applicationInsights: { logger: "l", sampling: isOne ? 1 : 2 } },
        deny: { status: isOne ? 403 : 404 },
        operations: { Chat: { backend: isOne ? "a" : "p" } },
      },
    },
    serviceDiagnostics: { applicationInsights: { logger: "l", headers: [which] } },
    products: { all: { description: which, apis: ["small"] } },
  };
}

/** Where the resources of both versions are, links without content left out. */
export const paths = [
  "namedValues/n",
  "loggers/l",
  "diagnostics/applicationinsights",
  "backends/a",
  "backends/b",
  "backends/p",
  "policyFragments/f",
  "apis/small",
  "apis/small/diagnostics/applicationinsights",
  "apis/small/policies/policy",
  "apis/small/operations/Chat/policies/policy",
  "products/all",
];
