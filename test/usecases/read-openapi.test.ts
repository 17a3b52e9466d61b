/** OpenAPI documents by name: which document a spec gets, from where, and what it says when there is none. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { apiPath } from "../../src/core/model/kinds/api.ts";
import { loadGateway } from "../../src/usecases/load-gateway.ts";
import { actions, memoryFiles, openLocalProject } from "./local-project.ts";
import { pullAndPlan } from "./pull-project.ts";

const folder = resolve(import.meta.dirname, "../../templates/openapi");
const shipped = Object.fromEntries(
  ["azure-openai-2024-10-21", "foundry", "passthrough"].map((name) => [
    `own/${name}.json`,
    readFileSync(join(folder, `${name}.json`), "utf8"),
  ]),
);
const document = (title: string): string =>
  JSON.stringify({
    openapi: "3.0.1",
    info: { title, version: "1" },
    paths: { "/chat": { post: { operationId: "Chat", responses: {} } } },
  });

type Texts = Readonly<Record<string, string>>;

async function load(openapi: string, more: object = {}, texts: Texts = {}) {
  const spec = {
    apimgw: 1,
    name: "team-a",
    service: { subscriptionId: "00000000-0000-0000-0000-000000000001", resourceGroup: "rg", name: "apim" },
    apis: { ai: { path: "ai", openapi } },
    ...more,
  };
  const files = memoryFiles({ ...shipped, ...texts, "team/gateway.yaml": JSON.stringify(spec) });
  const loaded = await loadGateway(files, { file: "team/gateway.yaml", variables: {}, ownDocuments: "own" });
  return {
    title: loaded.openApi?.get("ai")?.title,
    problems: loaded.problems.map(({ rule, message, help }) => `${rule}: ${message}; ${help ?? ""}`),
    files: [...loaded.texts.keys()],
  };
}

it.each<[string, string, object, Texts, string]>([
  ["comes with apimgw", "azure-openai@2024-10-21", {}, {}, "Azure OpenAI"],
  ["has no version", "passthrough", {}, {}, "Pass-through"],
  [
    "lies in specs beside the spec",
    "contoso@7",
    {},
    { "team/specs/contoso-7.yaml": document("Seven") },
    "Seven",
  ],
  [
    "lies in the folder that the spec names",
    "contoso@7",
    { openapiFolder: "../apis" },
    { "apis/contoso-7.json": document("Seven"), "team/specs/contoso-7.json": document("Wrong") },
    "Seven",
  ],
  ["is the project's own", "foundry", {}, { "team/specs/foundry.json": document("Ours") }, "Ours"],
  ["is a file after all", "specs/chat@1.json", {}, { "team/specs/chat@1.json": document("File") }, "File"],
])("finds a document that %s", async (_, openapi, more, texts, title) => {
  expect(await load(openapi, more, texts)).toMatchObject({ title, problems: [] });
});

it.each<[string, string, object, string]>([
  [
    "a version that nobody has, nearest first",
    "azure-openai@2024-10-12",
    {},
    "unknown-openapi: there is no OpenAPI document `azure-openai@2024-10-12`; known are `azure-openai@2024-10-21`, " +
      "`azure-openai@2024-02-01`, `azure-openai@v1`, `azure-openai@2025-03-01-preview`, `openai-compatible`, " +
      "`foundry`, `passthrough`; your own is a file specs/azure-openai-2024-10-12.json beside the spec",
  ],
  [
    "a name of another kind, and the folder that the spec names",
    "fondry@1",
    { openapiFolder: "apis" },
    "unknown-openapi: there is no OpenAPI document `fondry@1`; known are `foundry`, `passthrough`, " +
      "`azure-openai@v1`, `openai-compatible`, `azure-openai@2024-02-01`, `azure-openai@2024-10-21`, " +
      "`azure-openai@2025-03-01-preview`; your own is a file apis/fondry-1.json beside the spec",
  ],
  [
    "a word that is no file",
    "passthru",
    {},
    "missing-file: there is no team/passthru; paths count from the folder of the spec; documents by name are " +
      "`passthrough`, `foundry`, `azure-openai@v1`, `openai-compatible`, `azure-openai@2024-02-01`, " +
      "`azure-openai@2024-10-21`, `azure-openai@2025-03-01-preview`",
  ],
  [
    "a file that is no name",
    "azure.json",
    {},
    "missing-file: there is no team/azure.json; paths count from the folder of the spec",
  ],
  [
    "an address",
    "https://contoso.example/azure.json",
    {},
    "missing-file: `openapi` is an address, and nothing is fetched when a spec is read; save the document beside the spec, and name the file",
  ],
])("says what is known: %s", async (_, openapi, more, problem) => {
  expect((await load(openapi, more)).problems).toEqual([problem]);
});

it("names a document of its own by name, wherever apimgw is installed", async () => {
  const { problems, files } = await load("passthrough", {
    apis: { ai: { path: "ai", openapi: "passthrough", operations: { get: {} } } },
  });
  expect(problems.find((problem) => problem.startsWith("unknown-operation"))).toMatch(
    "there is no operation `get` in passthrough, did you mean `Get`?",
  );
  expect(files).toEqual(["team/gateway.yaml"]);
});

it("imports a pass-through, keeps it, and pulls it", async () => {
  const project = await openLocalProject(shipped);
  onTestFinished(() => project.close());
  const spec = {
    backends: { tools: { url: "https://tools.example" } },
    apis: { tools: { path: "tools", openapi: "passthrough", operations: { Get: { backend: "tools" } } } },
  };
  await project.apply(spec);
  const operations = await project.service.list(`${apiPath("tools")}/operations`);
  expect(operations.map(({ body }) => body.properties)).toHaveLength(7);
  expect(operations[0]?.body.properties).toMatchObject({ method: "DELETE", urlTemplate: "/*" });
  expect(actions(await project.plan(spec))).toEqual([]);
  const { changes, errors } = await pullAndPlan(project.service);
  expect([changes, errors]).toEqual([[], []]);
});
