import { describe, expect, it } from "vitest";
import { compile } from "../../../src/core/compile/compile.ts";
import { lintModel } from "../../../src/core/lint/lint-model.ts";
import { parseOpenApi } from "../../../src/core/openapi/parse.ts";
import { walkElements } from "../../../src/core/policy/walk.ts";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";
import { policyXmlPlaces } from "../../../src/core/spec/policy-xml-places.ts";

const document = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Streams", version: "1" },
  paths: {
    "/deployments/{deployment-id}/chat/completions": { post: { operationId: "Chat", responses: {} } },
    "/completions": { post: { operationId: "Complete", responses: {} } },
    "/responses": {
      post: { operationId: "Respond", responses: {} },
      get: { operationId: "List", responses: {} },
    },
    "/embeddings": { post: { operationId: "Embed", responses: {} } },
  },
});

function specOf(api: object) {
  const spec = {
    apimgw: 1,
    name: "streams",
    service: {
      subscriptionId: "00000000-0000-0000-0000-000000000001",
      resourceGroup: "rg-ai",
      name: "contoso-apim",
    },
    backends: { a: { url: "https://a.example/openai" } },
    apis: { ai: { path: "openai", openapi: "a.json", ...api } },
  };
  const { parsed, problems } = parseSpec(JSON.stringify(spec), { file: "gateway.yaml", variables: {} });
  if (parsed === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const read = parseOpenApi(document, "a.json");
  if (!read.ok) throw new Error("the document is sound");
  const openApi = new Map("openapi" in api ? [] : [["ai", read.document]]);
  const policySources = new Map(
    policyXmlPlaces(parsed.spec).map(({ pointer, xml }) => [
      pointer,
      { pointer, text: typeof xml === "string" ? xml : "" },
    ]),
  );
  return { parsed, compiled: compile({ parsed, openApi, policySources }) };
}

/** Ids of the operations whose answers pass as they come. */
function streaming(api: object): string[] {
  const { compiled } = specOf(api);
  return compiled.model.resources.flatMap(({ path, document: policy }) => {
    const id = /\/operations\/([^/]+)\//.exec(path)?.[1];
    const buffers: string[] = [];
    walkElements(policy === undefined ? [] : [policy.root], ({ attributes }) => {
      buffers.push(...attributes.filter(({ name }) => name === "buffer-response").map(({ value }) => value));
    });
    return buffers.includes("false") && id !== undefined ? [id] : [];
  });
}

const backend = "a";
const all = {
  Chat: { backend },
  Complete: { backend },
  Respond: { backend },
  List: { backend },
  Embed: { backend },
};

describe("`streaming` of an API", () => {
  it.each<readonly [string, object, readonly string[]]>([
    [
      "means chat, completions and responses",
      { streaming: true, operations: all },
      ["Chat", "Complete", "Respond"],
    ],
    ["is off when left out", { operations: all }, []],
    ["is off when it says so", { streaming: false, operations: all }, []],
    [
      "is overridden by an operation",
      {
        streaming: true,
        operations: {
          Chat: { backend, streaming: false },
          Complete: { backend },
          Embed: { backend, streaming: true },
        },
      },
      ["Complete", "Embed"],
    ],
    [
      "leaves hand-written backend sections alone",
      {
        streaming: true,
        operations: {
          Chat: { backend, policies: { backend: "<forward-request />" } },
          Complete: { backend },
        },
      },
      ["Complete"],
    ],
  ])("%s", (_, api, expected) => {
    expect(streaming(api)).toEqual(expected);
  });

  it.each([
    [
      "no URL template fits",
      { streaming: true, operations: { Embed: { backend } } },
      "none of its listed operations",
    ],
    [
      "none is known",
      { streaming: true, openapi: undefined, path: undefined, operations: { Chat: { backend } } },
      "has no `openapi`",
    ],
  ])("is refused where %s", (_, api, message) => {
    const { problems } = specOf(api).compiled;
    expect(problems.map(({ rule }) => rule)).toEqual(["streaming-without-effect"]);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.severity).toBe("error");
  });
});

describe("streaming-undecided", () => {
  const found = (api: object) => {
    const { parsed, compiled } = specOf(api);
    const problems = lintModel({ spec: parsed.spec, source: parsed.source, model: compiled.model });
    return problems.filter(({ rule }) => rule === "streaming-undecided").map(({ message }) => message);
  };

  it("lists the operations of an API in one finding", () => {
    expect(found({ operations: all })).toEqual([
      "event streams of operations pass in pieces of 8 KB: `Chat`, `Complete`, `Respond`",
    ]);
  });

  it.each<readonly [string, object]>([
    ["the API says", { streaming: true, operations: all }],
    ["the API says no", { streaming: false, operations: all }],
    ["every operation says", { operations: { Chat: { backend, streaming: false }, Embed: { backend } } }],
    [
      "the API's own section says",
      { policies: { backend: '<forward-request buffer-response="false" />' }, operations: all },
    ],
    ["no operation can stream", { operations: { Embed: { backend }, List: { backend } } }],
  ])("finds nothing where %s", (_, api) => {
    expect(found(api)).toEqual([]);
  });
});
