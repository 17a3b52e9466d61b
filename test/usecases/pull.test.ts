import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDiskFiles } from "../../src/adapters/files/disk-files.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { serviceArmId } from "../../src/core/ports.ts";
import type { LiveService } from "../../src/core/ports.ts";
import { pullSpec } from "../../src/core/pull/pull-spec.ts";
import { parseSpec } from "../../src/core/spec/parse-spec.ts";
import type { GatewaySpec } from "../../src/core/spec/schema.ts";
import { templates } from "../../src/usecases/init.ts";
import { loadSoundGateway } from "../../src/usecases/load-gateway.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import { planModel } from "../../src/usecases/plan.ts";
import { readService } from "../../src/usecases/read-live.ts";
import { actions, openLocalProject, ref } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";
import { pullAndPlan } from "./pull-project.ts";
import type { Pulled } from "./pull-project.ts";

const patterns = resolve(import.meta.dirname, "../../fixtures/patterns");

async function open(files: Readonly<Record<string, string>> = {}): Promise<LocalProject> {
  const project = await openLocalProject(files);
  onTestFinished(() => project.close());
  return project;
}

type Resources = Readonly<Record<string, JsonObject>>;

/** Makes resources on the service by hand, one after the other: nobody's. */
async function seed({ service }: LocalProject, resources: Resources): Promise<void> {
  for (const [path, properties] of Object.entries(resources)) await service.put(path, { properties });
}

const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: Object.fromEntries(
    ["Chat", "Images", "Text"].map((operationId) => [
      `/${operationId}`,
      { post: { operationId, responses: { 200: { description: "OK" } } } },
    ]),
  ),
});

const api = (path: string, more: JsonObject = {}): JsonObject => ({
  displayName: "Small",
  path,
  format: "openapi+json",
  value: openApi,
  ...more,
});
const policy = (value: string) => ({ format: "rawxml", value });
const backend = (url: string, more: JsonObject = {}): JsonObject => ({ url, protocol: "http", ...more });
const document = (inbound: string, backendSection = "<base />") =>
  policy(
    `<policies><inbound>${inbound}</inbound><backend>${backendSection}</backend><outbound><base /></outbound><on-error><base /></on-error></policies>`,
  );
const armId = (path: string) => `${serviceArmId(ref)}/${path}`;

function specOf({ text }: Pulled): GatewaySpec {
  const { parsed, problems } = parseSpec(text, { file: "gateway.yaml", variables: {} });
  if (parsed === undefined) throw new Error(JSON.stringify(problems));
  return parsed.spec;
}

function notesOf({ notes }: Pulled): string[] {
  return notes.map(({ path, note }) => `${path}: ${note}`);
}

/** Planning the pulled spec must show nothing, and lint no error. */
function expectQuiet({ changes, errors, remaining }: Pulled): void {
  expect({ changes, errors, remaining }).toEqual({ changes: [], errors: [], remaining: [] });
}

/** What they go by is not on the service: the accounts' names of deployments, and the URL templates of the OpenAPI document. */
const byModel = ["rename-deployments", "model-routing"];

/** Puts a pattern on a service, and pulls it. */
async function pullPattern(
  name: string,
  environment: string,
): Promise<{ made: GatewaySpec; pulled: Pulled }> {
  const project = await open();
  const { model, parsed } = await loadSoundGateway(createDiskFiles(), {
    file: join(patterns, name, "gateway.yaml"),
    variables: {},
    ...(environment === "" ? {} : { environment }),
  });
  const planned = await planModel(project.service, model, plainly);
  expect((await project.applyPlanned(planned)).failures).toEqual([]);
  const pulled = await pullAndPlan(project.service);
  expectQuiet(pulled);
  expect({ name: pulled.name, notes: pulled.notes }).toEqual({ name, notes: [] });
  return { made: parsed.spec, pulled };
}

describe("what goes by model comes back as policy files", () => {
  const cases = byModel.flatMap((name) => ["", "keep"].map((environment) => ({ name, environment })));
  it.each(cases)("$name $environment", async ({ name, environment }) => {
    const { made, pulled } = await pullPattern(name, environment);
    const operations = Object.keys(made.apis?.["azure-openai"]?.operations ?? {});
    expect(pulled.files.map(({ path }) => path.replace(/^.*\/|\..*$/g, ""))).toEqual(
      expect.arrayContaining(operations),
    );
    expect(Object.keys(specOf(pulled).apis?.["azure-openai"]?.operations ?? {}).sort()).toEqual(
      operations.sort(),
    );
  });
});

describe("what a spec has made comes back in its words", () => {
  // The template whole-gateway is no pattern: it has variables, and policies of its own.
  const names = [...templates.map(({ name }) => name), "user-identity"].filter(
    (name) => name !== "whole-gateway" && !byModel.includes(name),
  );
  const cases = names.flatMap((name) => [
    { name, environment: "" },
    { name, environment: "keep" },
  ]);
  it.each(cases)("$name $environment", async ({ name, environment }) => {
    const { made, pulled } = await pullPattern(name, environment);
    expect(pulled.files).toEqual([]);
    const got = specOf(pulled);
    expect(got.identity).toEqual(made.identity);
    expect([got.backends, got.pools]).toMatchObject([{}, got.pools === undefined ? undefined : {}]);
    const words = (spec: GatewaySpec) =>
      Object.values(spec.apis ?? {}).map(({ unlisted, deny, managedIdentity, operations }) => ({
        unlisted: unlisted ?? "deny",
        deny,
        managedIdentity,
        operations: Object.entries(operations ?? {})
          .map(([id, each]) => [id, ...Object.keys(each).sort()].join(" "))
          .sort(),
      }));
    expect(words(got)).toEqual(words(made));
  });

  it("with streams, beside each other word for where calls go", async () => {
    const project = await open({ "openapi.json": openApi });
    const operations = {
      Chat: { backend: "a", fallback: ["b"], timeout: "2m", streaming: true },
      Images: { backend: "a", retry: { count: 2 }, streaming: true },
    };
    const backends = { a: { url: "https://a.example" }, b: { url: "https://b.example" } };
    await project.apply({
      backends,
      apis: { small: { path: "small", openapi: "openapi.json", operations } },
    });
    const pulled = await pullAndPlan(project.service);
    expectQuiet(pulled);
    expect(pulled.files).toEqual([]);
    expect(specOf(pulled).apis?.["small"]?.operations).toEqual(operations);
  });

  it("with named values, loggers, fragments, hand-written policies, diagnostics and products", async () => {
    const project = await open({ "openapi.json": openApi });
    const spec: SpecParts = {
      backends: { a: { url: "https://a.example", title: "A", description: "The first" } },
      namedValues: {
        plain: { value: "${x} {{y}}", tags: ["one", "two"] },
        key: { value: "hush", secret: true, displayName: "The.Key" },
        vault: { keyVault: "https://kv.vault.azure.net/secrets/x" },
      },
      loggers: { ai: { applicationInsights: { connectionString: "InstrumentationKey=hush" } } },
      fragments: { f: '<set-header name="k"><value>{{The.Key}}</value></set-header>' },
      apis: {
        small: {
          path: "small",
          openapi: "openapi.json",
          diagnostics: {
            applicationInsights: {
              logger: "ai",
              sampling: 50,
              metrics: true,
              headers: ["x-ms-region"],
              mask: { query: { code: "hide" } },
            },
          },
          operations: {
            Chat: { backend: "a", policies: { inbound: '<!-- why --><include-fragment fragment-id="f" />' } },
          },
        },
      },
      products: { p: { apis: ["small"], published: false } },
      serviceDiagnostics: {
        applicationInsights: {
          logger: "ai",
          bodyBytes: 10,
          frontend: { request: { bodyBytes: 20, headers: ["a"] } },
        },
      },
    };
    const written = JSON.parse(JSON.stringify(spec).replaceAll("${x}", () => "$${x}")) as SpecParts;
    await project.apply(written);
    const pulled = await pullAndPlan(project.service);
    expectQuiet(pulled);
    expect(pulled.files.map(({ path, text }) => [path, text])).toEqual([
      [
        "policies/fragments/f.xml",
        '<fragment>\n  <set-header name="k">\n    <value>{{The.Key}}</value>\n  </set-header>\n</fragment>\n',
      ],
      ["policies/small/Chat.inbound.xml", '<!-- why -->\n<include-fragment fragment-id="f" />\n'],
    ]);
    expect(pulled.text).toContain("  key: { secret: true, displayName: The.Key }\n");
    expect(pulled.text).toContain("mask: { query: { code: hide } }\n");
    expect(pulled.text).toContain("frontend: { request: { headers: [a], bodyBytes: 20 }");
    expect(pulled.text).not.toContain("hush");
    expect(notesOf(pulled).map((each) => each.replace(/[0-9a-f]{24}/, "ID"))).toEqual([
      "loggers/ai: its credentials are in the named value `Logger-Credentials--ID`, which the service made",
      "namedValues/key: its value is secret and stays on the service; give `value` to have apply write it",
    ]);
    // Whatever the order in which the service lists things, the spec is the same.
    const live = await readService(project.service, { wants: () => true });
    const again = pullSpec(
      { entries: live.entries.toReversed() },
      { name: "team-a", service: ref, unreadable: new Set() },
    );
    expect([again.text, again.files]).toEqual([pulled.text, pulled.files]);
    // Nothing is lost: with the pulled spec applied, the old one has nothing to do either.
    expect(actions(await project.plan(written))).toEqual([]);
  });
});

describe("what people have made", () => {
  it("is written in the spec's words where it can be, and as policy files where it cannot", async () => {
    const project = await open();
    await seed(project, {
      "backends/main": backend("https://a.example/openai", {
        tls: { validateCertificateChain: true, validateCertificateName: true },
        description: "Sweden",
      }),
      "backends/spare": backend("https://b.example/openai"),
      "apis/ai": api("ai"),
      "apis/ai/policies/policy": document(
        '<return-response><set-status code="404" reason="Not here" /><set-header name="Content-Type" exists-action="override"><value>text/plain</value></set-header><set-body>no</set-body></return-response>',
      ),
      "apis/ai/operations/Chat/policies/policy": document(
        '<!-- first -->\n<set-backend-service backend-id="main" /><authentication-managed-identity resource="https://m" /><cors />',
        '<retry condition="@( context.Response.StatusCode==429 || (context.Response.StatusCode >= 500 && context.Response.StatusCode <= 599))" count="2" interval="0"><forward-request buffer-request-body="true" timeout="90" /></retry>',
      ),
      "apis/ai/operations/Images/policies/policy": document(
        '<set-backend-service backend-id="main" /><authentication-managed-identity resource="https://m" />',
        '<retry condition="@(context.Response.StatusCode == 429)" count="1" interval="0"><choose><when condition="@(context.Response.StatusCode == 429)"><set-backend-service backend-id="spare" /></when></choose><forward-request buffer-request-body="true" /></retry>',
      ),
      "apis/ai/operations/Text/policies/policy": policy(
        "<policies><inbound><base /></inbound><!-- no others --><backend /></policies>",
      ),
      "apis/free": api("free", { displayName: "Free", subscriptionRequired: false }),
    });
    const pulled = await pullAndPlan(project.service);
    expectQuiet({ ...pulled, errors: [] });
    const { backends, apis } = specOf(pulled);
    expect(backends).toEqual({
      main: { url: "https://a.example/openai", description: "Sweden" },
      spare: { url: "https://b.example/openai" },
    });
    expect(apis).toEqual({
      ai: {
        displayName: "Small",
        path: "ai",
        managedIdentity: "https://m",
        unlisted: "deny",
        deny: { status: 404, reason: "Not here", body: "no" },
        inheritance: "replace",
        operations: {
          Chat: {
            backend: "main",
            retry: { on: [429, "500-599"], count: 2 },
            timeout: "90s",
            policies: { inbound: { file: "policies/ai/Chat.inbound.xml" } },
          },
          Images: { backend: "main", fallback: ["spare"] },
        },
      },
      free: {
        displayName: "Free",
        path: "free",
        subscriptionKey: false,
        unlisted: "allow",
        policies: false,
      },
    });
    expect(pulled.files).toMatchObject([{ text: "<!-- first -->\n<cors />\n" }]);
    expect(notesOf(pulled)).toEqual([
      "apis/ai/operations/Text/policies/policy: left out: <base /> in policies.document inherits the answer that denies every operation of this API",
    ]);
  });

  it("is taken whole where a document has another shape, with what is in no spec listed as existing", async () => {
    const project = await open();
    await seed(project, {
      "namedValues/0123456789abcdef01234567": { displayName: "backend.key", value: "hush", secret: true },
      "backends/keyed": backend("https://k.example", { credentials: { header: { k: ["{{backend.key}}"] } } }),
      "backends/plain": backend("https://p.example"),
      "backends/group": {
        type: "Pool",
        pool: { services: [{ id: armId("backends/keyed"), weight: 2 }, { id: armId("backends/plain") }] },
      },
      "backends/unused": backend("https://u.example", { proxy: { url: "https://proxy.example" } }),
      "policyFragments/inner": {
        ...policy('<fragment><trace source="{{backend.key}}" /></fragment>'),
        description: "x".repeat(950),
      },
      "policyFragments/outer": policy('<fragment><include-fragment fragment-id="inner" /></fragment>'),
      "apis/ai": api("ai"),
      "apis/ai/policies/policy": policy(
        '<!-- ours -->\n<policies>\n<inbound><include-fragment fragment-id="outer" /></inbound><outbound /></policies>',
      ),
      "apis/ai/operations/Chat/policies/policy": document(
        '<base /><set-backend-service backend-id="group" /><cors />',
      ),
      "apis/ai/operations/Text/policies/policy": document(
        '<base /><!-- keyed --><set-backend-service backend-id="keyed" />',
      ),
    });
    const pulled = await pullAndPlan(project.service);
    expectQuiet({ ...pulled, errors: [] });
    const spec = specOf(pulled);
    expect(Object.keys(spec.backends ?? {})).toEqual(["plain"]);
    expect(spec.existing).toEqual({ backends: ["keyed"], fragments: ["inner"] });
    expect(spec.namedValues).toEqual({
      "0123456789abcdef01234567": { secret: true, displayName: "backend.key" },
    });
    expect(spec.apis?.["ai"]).toMatchObject({
      unlisted: "allow",
      inheritance: "keep",
      policies: { document: { file: "policies/ai/document.xml" } },
      operations: {
        Chat: { backend: "group", policies: { inbound: { file: "policies/ai/Chat.inbound.xml" } } },
        Text: { backend: "keyed" },
      },
    });
    expect(pulled.text).toContain("      # keyed\n      Text:\n");
    expect(pulled.files.map(({ text }) => text).join("")).toContain("<!-- ours -->");
    expect(notesOf(pulled)).toEqual([
      "backends/keyed: left out: the spec's language cannot say its `credentials`",
      "backends/unused: left out: the spec's language cannot say its `proxy`",
      "namedValues/0123456789abcdef01234567: its value is secret and stays on the service; give `value` to have apply write it",
      expect.stringMatching(/^policyFragments\/inner: left out: /),
    ]);
  });

  it("keeps ids, texts and line ends that are hard to write down", async () => {
    const project = await open();
    const code = '@{\r\n  var s = "${x} <a> \\"q\\" é \u{1F600} {{odd-.value}}";\r\n  return s; // done\r\n}';
    await seed(project, {
      "namedValues/odd": {
        displayName: "odd-.value",
        value: '${HOME} {{x}} "q" # no: comment ',
        tags: ["a, b", "[c]"],
      },
      "backends/b_1": backend("https://b.example/x%20y", {
        title: " # 'b': ${x} $${y} ",
        description: "two\nlines\t: - x",
      }),
      "apis/con": api("a/b", { displayName: "yes", description: "- line\nline: 'x' ${y}" }),
      "apis/über'|\"api": api("c", { displayName: "null" }),
      "apis/con/policies/policy": document(`<base /><set-body>${code}</set-body>`),
      "apis/über'|\"api/operations/Chat/policies/policy": document("<base /><!-- a\r\n b --> <trace />"),
      "products/p.1": { displayName: "1.0", description: "on", state: "published" },
    });
    const pulled = await pullAndPlan(project.service);
    expectQuiet({ ...pulled, errors: [] });
    expect(notesOf(pulled).filter((note) => !note.startsWith("products/p.1"))).toEqual([]);
    expect(pulled.files.map(({ path }) => path)).toEqual([
      "policies/_con/inbound.xml",
      "policies/_ber___api/Chat.inbound.xml",
    ]);
  });

  it("is left out where its document cannot be read", async () => {
    const broken = "<policies><inbound></policies>";
    const project = await open();
    await seed(project, { "apis/ai": api("ai"), "apis/other": api("other", { displayName: "Other" }) });
    const path = "apis/ai/operations/Chat/policies/policy";
    const { service: real } = project;
    const service: LiveService = {
      ref: real.ref,
      title: real.title,
      get: (at, query) =>
        at === path
          ? Promise.resolve({ path, body: { properties: { value: broken, format: "xml" } } })
          : real.get(at, query),
      list: (at, query) => real.list(at, query),
      afterWrite: real.afterWrite,
      retried: () => ({}),
      put: () => Promise.reject(new Error("pull writes nothing")),
      patch: () => Promise.reject(new Error("pull changes nothing")),
      act: () => Promise.reject(new Error("pull acts on nothing")),
      remove: () => Promise.reject(new Error("pull deletes nothing")),
    };
    const pulled = await pullAndPlan(service);
    expectQuiet(pulled);
    expect(Object.keys(specOf(pulled).apis ?? {})).toEqual(["other"]);
    expect(notesOf(pulled)).toEqual([
      "apis/ai: left out: the policy document of `ai/Chat` cannot be read; repair or delete it, then pull again",
    ]);
  });
});

describe("whose things are pulled", () => {
  const spec = (name: string, id: string): SpecParts => ({
    name,
    backends: { [id]: { url: `https://${id}.example` } },
    apis: { [`api-${id}`]: { path: id, openapi: "openapi.json", operations: { Chat: { backend: id } } } },
  });

  it("leaves out what belongs to other specs, and names what it refers to as existing", async () => {
    const project = await open({ "openapi.json": openApi });
    await project.apply(spec("one", "a"));
    await project.apply(spec("two", "b"));
    await seed(project, {
      "apis/hand": api("hand"),
      "apis/hand/operations/Chat/policies/policy": document('<base /><set-backend-service backend-id="b" />'),
    });
    const neither = await pullAndPlan(project.service);
    expectQuiet(neither);
    expect(neither.name).toBe("contoso-apim");
    expect(Object.keys(specOf(neither).apis ?? {})).toEqual(["hand"]);
    expect(specOf(neither).existing).toEqual({ backends: ["b"] });
    const one = await pullAndPlan(project.service, { name: "one" });
    expectQuiet(one);
    expect(Object.keys(specOf(one).apis ?? {})).toEqual(["api-a", "hand"]);
    expect(notesOf(one)).toEqual([
      "apis/api-b: left out: it belongs to the spec `two`",
      "backends/b: left out: it belongs to the spec `two`",
    ]);
  });

  it("pulls some APIs with what they use, and says what planning that would delete", async () => {
    const project = await open({ "openapi.json": openApi });
    await seed(project, {
      "namedValues/v": { displayName: "v", value: "x" },
      "namedValues/w": { displayName: "w", value: "x" },
      "backends/c": backend("https://c.example"),
      "backends/pool": { type: "Pool", pool: { services: [{ id: armId("backends/c") }] } },
      "backends/d": backend("https://d.example"),
      "policyFragments/f": policy('<fragment><trace source="{{v}}" /></fragment>'),
      "apis/x": api("x"),
      "apis/x/operations/Chat/policies/policy": document(
        '<base /><set-backend-service backend-id="pool" /><include-fragment fragment-id="f" />',
      ),
      "apis/y": api("y", { displayName: "Y" }),
      "products/p": { displayName: "P", state: "published" },
      "products/p/apis/x": {},
      "products/q": { displayName: "Q", state: "published" },
      "products/starter": { displayName: "Starter", state: "published" },
    });
    const x = await pullAndPlan(project.service, { apis: ["X"] });
    expectQuiet(x);
    const { backends, pools, namedValues, fragments, apis, products, existing } = specOf(x);
    const keys = [backends, pools, namedValues, fragments, apis, products, existing].map((each) =>
      Object.keys(each ?? {}),
    );
    expect(keys).toEqual([["c"], ["pool"], ["v"], ["f"], ["x"], ["p"], []]);
    expect(Object.keys(specOf(await pullAndPlan(project.service)).products ?? {})).toEqual(["p", "q"]);

    await project.apply(spec("team-a", "a"));
    const some = await pullAndPlan(project.service, { apis: ["x"] });
    expect(some.name).toBe("team-a");
    expect(some.remaining.map(({ action, path }) => `${action} ${path}`)).toEqual([
      "delete apis/api-a",
      "delete backends/a",
    ]);
    await expect(pullAndPlan(project.service, { apis: ["z"] })).rejects.toMatchObject({
      code: "PULL.UNKNOWN_API",
    });
  });
});
