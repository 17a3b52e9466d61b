import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/adapters/clock.ts";
import type { ApplyEvent } from "../../src/core/plan/plan.ts";
import { formatApplyEvent } from "../../src/report/human/apply.ts";
import { applySteps } from "../../src/usecases/apply.ts";
import { errorTracer } from "../../src/usecases/error-tracer.ts";
import { loadSoundGateway } from "../../src/usecases/load-gateway.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import { planModel } from "../../src/usecases/plan.ts";
import { memoryFiles, openLocalProject, type LocalProject } from "./local-project.ts";

const head = `apimgw: 1
name: team-a
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
backends:
  a: { url: https://a.example/openai }
  b: { url: https://b.example/openai }
fragments:
  audit: { file: audit.xml }
apis:
  small:
    path: small
    openapi: openapi.json
    operations:
`;
const files = {
  "audit.xml": '<set-header name="x" exists-action="override"><value>1</value></set-header>\n',
  "in.xml": '<include-fragment\n  fragment-id="audit" />\n',
  "openapi.json": JSON.stringify({
    openapi: "3.0.1",
    info: { title: "Small", version: "1" },
    paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
  }),
};

let project: LocalProject;
beforeAll(async () => {
  project = await openLocalProject();
});
afterAll(() => project.close());

async function planned(operation: string) {
  return plannedSpec(head + operation);
}

async function plannedSpec(text: string) {
  const texts = { ...files, "gateway.yaml": text };
  const gateway = await loadSoundGateway(memoryFiles(texts), { file: "gateway.yaml", variables: {} });
  const options = plainly;
  const steps = await planModel(project.service, gateway.model, options);
  return async (): Promise<ApplyEvent[]> => {
    const events: ApplyEvent[] = [];
    await applySteps(project.service, steps, {
      concurrency: 2,
      clock: systemClock,
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
      journal: { path: "journal", record: () => Promise.resolve() },
      traceError: errorTracer(gateway),
    });
    return events.filter(({ event }) => event === "step-failed");
  };
}

describe("a refusal of the service", () => {
  it("leads to the line of the spec, and to the line of the policy file", async () => {
    const first = await planned("      Chat: { backend: a }\n");
    expect(await first()).toEqual([]);
    const text = "      Chat:\n        backend: b\n        policies: { inbound: { file: in.xml } }\n";
    const second = await planned(text);
    await project.service.remove("backends/b", "*");
    const [failed] = await second();
    expect(failed).toMatchObject({
      code: "SERVICE.REJECTED",
      at: { file: "gateway.yaml", line: 15, column: 18, endColumn: 19 },
      places: [{ message: "Backend with id 'b' could not be found." }],
    });
    const third = await planned(text.replace("backend: b", "backend: a"));
    await project.service.remove("policyFragments/audit", "*");
    const [refused] = await third();
    expect(refused).toMatchObject({ at: { file: "in.xml", line: 2, column: 16 } });
    const sources = (file: string) => (file === "in.xml" ? files[file] : undefined);
    expect(refused && formatApplyEvent(refused, { color: false, verbose: false, sources })).toContain(
      [
        "    at: in.xml:2:16",
        '      2 |   fragment-id="audit" />',
        "        |                ^^^^^",
        "    fix: What is named must be on the service: plan again",
      ].join("\n"),
    );
  });

  it.each([
    "contentSafety: { backend: c, shieldPrompt: true }",
    "semanticCache: { embeddings: c, scoreThreshold: 0.05 }",
  ])("leads to the key of a product: %s", async (key) => {
    const before = head.replace("backends:", "backends:\n  c: { url: https://c.example }");
    const product = "products:\n  team-a:\n    displayName: Team A\n";
    const operation = "      Chat: { backend: a }\n";
    const first = await plannedSpec(before + operation + product);
    expect(await first()).toEqual([]);
    const second = await plannedSpec(`${before}${operation}${product}    ${key}\n`);
    await project.service.remove("backends/c", "*");
    expect(await second()).toMatchObject([
      { id: "products/team-a", at: { file: "gateway.yaml", line: 19, column: 5 } },
    ]);
  });
});
