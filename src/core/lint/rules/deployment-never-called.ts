import { modelTests, otherwiseKey, passesTest } from "../../compile/model-pattern.ts";
import type { OperationSpec } from "../../spec/schema.ts";
import { pointer } from "../../spec/source.ts";
import type { LintContext, Rule } from "../rule.ts";
import { backendEntries, backendsOf } from "../spec-entries.ts";

export const deploymentNeverCalled: Rule = {
  id: "deployment-never-called",
  severity: "warning",
  summary: "A backend renames a deployment that no operation sends to it.",
  why:
    "`models` decides which backend a model goes to. A name under `deployments` that none of them sends there is mostly a " +
    "slip of the pen in one of the two, and calls of the other spelling are answered 404 " +
    "(learn.microsoft.com/azure/ai-services/openai/reference).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai, deployments: { gpt4o: gpt-4o-swc } } }
apis: { openai: { operations: { Chat: { models: { gpt-4o: { backend: a } } } } } }`,
    good: `
backends:
  a: { url: https://a.example/openai, deployments: { gpt-4o: gpt-4o-swc } }
  b: { url: https://b.example/openai, deployments: { gpt-35: gpt-35-turbo } }
apis: { openai: { operations: { Chat: { models: { gpt-4o: { backend: a } } }, Completions: { backend: b } } } }`,
  },
  check: (context) => {
    const { spec, source } = context;
    const operations = Object.values(spec.apis ?? {}).flatMap((api) => Object.values(api.operations ?? {}));
    return backendEntries(context).flatMap(([id, backend]) =>
      Object.keys(backend.deployments ?? {})
        .filter((name) => isNeverSent(context, operations, id, name))
        .map((name) => ({
          message: `no operation sends \`${name}\` to \`${id}\``,
          at: source.locateKey(pointer("backends", id, "deployments", name)),
          help: "name the deployment as callers do, and as `models` does",
        })),
    );
  },
};

/** Not where no operation uses the backend: that is another rule's to say. */
function isNeverSent(
  context: LintContext,
  operations: readonly OperationSpec[],
  backend: string,
  name: string,
): boolean {
  const sent = operations.flatMap((operation) => {
    const reaches = (route: OperationSpec): boolean => backendsOf(context, route).includes(backend);
    const { models } = operation;
    if (models === undefined) return reaches(operation) ? [true] : [];
    const routes = Object.values(models).filter((route) => route !== "deny");
    if (!routes.some(reaches)) return [];
    const test = modelTests(Object.keys(models)).find((each) => passesTest(each, name));
    const route = models[test?.text ?? otherwiseKey];
    return [route !== undefined && route !== "deny" && reaches(route)];
  });
  return sent.length > 0 && !sent.includes(true);
}
