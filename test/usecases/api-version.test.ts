/** `apiVersion`: what backends get, in every way an API can be compiled; applied, planned again and pulled. */
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readGrammarWasm } from "../../src/adapters/grammar.ts";
import { objectMember } from "../../src/core/model/kind-definition.ts";
import { loadCSharpGrammar } from "../../src/core/policy/expression/csharp/grammar.ts";
import { parseSpec } from "../../src/core/spec/parse-spec.ts";
import { testGateway } from "../../src/usecases/test-gateway.ts";
import { actions, memoryFiles, openLocalProject, ref } from "./local-project.ts";
import { pullAndPlan, removeMarks } from "./pull-project.ts";

const operation = (id: string) => ({
  operationId: id,
  parameters: [{ name: "api-version", in: "query", required: true, schema: { type: "string" } }],
  responses: { 200: { description: "OK" } },
});
const document = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: { "/chat": { post: operation("Chat") }, "/images": { post: operation("Images") } },
});

type Settings = Readonly<Record<string, unknown>>;

const specOf = (settings: Settings) => ({
  backends: { a: { url: "https://a.example/openai" } },
  apis: {
    ai: {
      path: "ai",
      openapi: "small.json",
      serviceUrl: "https://a.example/openai",
      managedIdentity: "https://m",
      ...settings,
      operations: { Chat: { backend: "a" } },
    },
  },
});

const ways: readonly Settings[] = [
  { inheritance: "replace" },
  { inheritance: "keep" },
  { inheritance: "replace", unlisted: "allow" },
  { inheritance: "keep", unlisted: "allow" },
  { inheritance: "keep", unlisted: "remove", managedIdentity: false },
];
const both = [{ pin: "2024-10-21" }, { default: "2024-10-21" }] as const;

beforeAll(async () => loadCSharpGrammar(await readGrammarWasm()));

/** The version that the backend of `Chat` gets when the caller sends this one, or none. */
async function sentVersions(settings: Settings): Promise<readonly string[]> {
  const spec = { apimgw: 1, name: "team-a", service: ref, ...specOf(settings) };
  const wanted = (version: string | null) => [{ query: { "api-version": version } }];
  const call = (query: object, version: string) => ({
    name: version,
    request: { operation: "Chat", query },
    expect: { status: 200, sent: wanted(version) },
  });
  const pinned = "pin" in (settings["apiVersion"] as object);
  const cases = [call({}, "2024-10-21"), call({ "api-version": "1" }, pinned ? "2024-10-21" : "1")];
  const files = memoryFiles({
    "gateway.yaml": JSON.stringify(spec),
    "small.json": document,
    "gateway-test.yaml": JSON.stringify({ cases }),
  });
  const { results } = await testGateway(files, {
    gateway: { file: "gateway.yaml", variables: {} },
    testFiles: ["gateway-test.yaml"],
    filter: undefined,
    loadGrammar: () => Promise.resolve(),
  });
  return results.flatMap(({ test, passed, requests }) =>
    passed ? [] : [`${test.name}: ${JSON.stringify(requests.flatMap(({ mismatches }) => mismatches))}`],
  );
}

const cases = ways.flatMap((way) => both.map((apiVersion) => ({ ...way, apiVersion })));

describe.each(cases)("%j", (settings) => {
  it("reaches the backend", async () => {
    expect(await sentVersions(settings)).toEqual([]);
  });

  it("is applied once, and pulled in its own words", async () => {
    const project = await openLocalProject({ "small.json": document });
    onTestFinished(() => project.close());
    await project.apply(specOf(settings));
    expect(actions(await project.plan(specOf(settings)))).toEqual([]);
    await removeMarks(project.service);
    const { text, changes, files } = await pullAndPlan(project.service);
    expect(changes).toEqual([]);
    // What was imported without the unlisted operations looks like an API that allows everything and says nothing itself.
    if ("unlisted" in settings && settings.unlisted === "remove") {
      expect(files.map(({ path }) => path)).toEqual(["policies/ai/Chat.inbound.xml"]);
      return;
    }
    expect(files).toEqual([]);
    const { parsed } = parseSpec(text, { file: "gateway.yaml", variables: {} });
    expect(parsed?.spec.apis?.["ai"]?.apiVersion).toEqual(settings.apiVersion);
  });
});

it("lets callers leave the api-version out, which the import would else make a part of the URL", async () => {
  const project = await openLocalProject({ "small.json": document });
  onTestFinished(() => project.close());
  const template = async (): Promise<unknown> => {
    const operations = await project.service.list("apis/ai/operations");
    return operations.map(({ body }) => objectMember(body, "properties")?.["urlTemplate"]);
  };
  await project.apply(specOf({}));
  expect(await template()).toEqual(["/chat?api-version={api-version}", "/images?api-version={api-version}"]);
  const pinned = specOf({ apiVersion: { pin: "2024-10-21" } });
  expect(actions(await project.plan(pinned))).toEqual(["update api ai", "update policy ai/Chat"]);
  await project.apply(pinned);
  expect(await template()).toEqual(["/chat", "/images"]);
  await project.apply(specOf({}));
  expect(await template()).toEqual(["/chat?api-version={api-version}", "/images?api-version={api-version}"]);
});
