import { renamedDeployments, singlesOf } from "../../compile/deployment-names.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { backendsOf, listedOperations } from "../spec-entries.ts";

export const deploymentNotMapped: Rule = {
  id: "deployment-not-mapped",
  severity: "info",
  summary: "One backend of a call's way renames a deployment, and another one does not say what it calls it.",
  why:
    "A name that a backend does not list stays as it is. Where the other account has it under another name, which is the usual " +
    "reason to rename, calls that get there are answered 404 `DeploymentNotFound` (learn.microsoft.com/azure/ai-services/openai/reference).",
  examples: {
    bad: `
backends:
  a: { url: https://a.example/openai, deployments: { gpt-4o: gpt-4o-swc } }
  b: { url: https://b.example/openai }
apis: { openai: { operations: { Chat: { backend: a, fallback: [b] } } } }`,
    good: `
backends:
  a: { url: https://a.example/openai, deployments: { gpt-4o: gpt-4o-swc } }
  b: { url: https://b.example/openai, deployments: { gpt-4o: gpt-4o } }
apis: { openai: { operations: { Chat: { backend: a, fallback: [b] } } } }`,
  },
  check: (context) => {
    const { spec, source } = context;
    const ways = listedOperations(context).map(({ operation }) =>
      backendsOf(context, operation).flatMap((backend) => singlesOf(spec, backend)),
    );
    const missing = ways.flatMap((backends) =>
      renamedDeployments(spec, backends).flatMap((name) => {
        const lists = (id: string): boolean =>
          Object.keys(spec.backends?.[id]?.deployments ?? {}).some(
            (other) => other.toLowerCase() === name.toLowerCase(),
          );
        const own = backends.find(lists) ?? "";
        return backends.filter((id) => !lists(id)).map((id) => ({ name, own, id }));
      }),
    );
    const once = new Map(missing.map((each) => [`${each.name} ${each.own} ${each.id}`, each]));
    return [...once.values()].map(({ name, own, id }) => ({
      message: `\`${own}\` calls \`${name}\` something else, and \`${id}\`, which gets the same calls, does not list it`,
      at: source.locateKey(pointer("backends", own, "deployments", name)),
      help: `give backends.${id}.deployments the name that its account has, which may be \`${name}\` itself`,
    }));
  },
};
