/** Policies that look into bodies, from a spec with its OpenAPI document through `apimgw test`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { createTestIo } from "./test-io.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apimgw-policies-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const openApi = {
  openapi: "3.0.1",
  info: { title: "orders", version: "1" },
  paths: Object.fromEntries(
    ["liquid", "to-json", "to-xml", "checked", "cached", "safe"].map((id) => [
      `/${id}`,
      {
        post: {
          operationId: id,
          parameters: [{ name: "count", in: "query", schema: { type: "integer" } }],
          requestBody: {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } },
          },
          responses: { 200: { description: "", headers: { "x-ms-region": {}, "content-type": {} } } },
        },
      },
    ]),
  ),
  components: {
    schemas: { Order: { type: "object", required: ["id"], properties: { id: { type: "integer" } } } },
  },
};

const spec = `
apimgw: 1
name: orders
service: { subscriptionId: 00000000-0000-0000-0000-000000000000, resourceGroup: rg, name: apim }
backends:
  main: { url: https://main.example.com/api }
  safety: { url: https://safety.example.com }
apis:
  orders:
    path: orders
    openapi: orders.json
    inheritance: keep
    policies:
      inbound: '<llm-content-safety backend-id="safety"><categories><category name="Hate" threshold="2" /></categories></llm-content-safety>'
    operations:
      liquid:
        backend: main
        policies: { inbound: '<set-body template="liquid"><order><id>{{body.id | Plus: 1}}</id></order></set-body>' }
      to-json:
        backend: main
        policies: { outbound: '<xml-to-json kind="direct" apply="always" consider-accept-header="false" />' }
      to-xml:
        backend: main
        policies: { inbound: '<json-to-xml apply="always" consider-accept-header="false" />' }
      checked:
        backend: main
        policies:
          inbound: |
            <validate-parameters specified-parameter-action="prevent" unspecified-parameter-action="ignore" />
            <validate-content unspecified-content-type-action="prevent" max-size="1000" size-exceeded-action="prevent">
              <content type="application/json" validate-as="json" action="prevent" />
            </validate-content>
          outbound: |
            <validate-status-code unspecified-status-code-action="prevent" />
            <validate-headers specified-header-action="ignore" unspecified-header-action="ignore">
              <header name="x-secret" action="prevent" />
            </validate-headers>
      cached:
        backend: main
        policies:
          inbound: '<llm-semantic-cache-lookup score-threshold="0.05" embeddings-backend-id="main" embeddings-backend-auth="system-assigned" />'
          outbound: '<llm-semantic-cache-store duration="60" />'
      safe:
        backend: main
`;

const cases = `
cases:
  - name: liquid
    request: { operation: liquid, body: { id: 6 } }
    expect: { sent: { body: "<order><id>7</id></order>" } }
  - name: to-json
    request: { operation: to-json }
    backends: { main: { body: "<a b='1'/>" } }
    expect: { headers: { Content-Type: application/json }, body: { a: { "@b": "1" } } }
  - name: to-xml
    request: { operation: to-xml, body: { id: 6, ok: true } }
    expect: { sent: { body: "<Document><id>6</id><ok>True</ok></Document>", headers: { Content-Type: text/xml } } }
  - name: a valid order
    request: { operation: checked, body: { id: 6 }, query: { count: "2" } }
    expect: { status: 200 }
  - name: an order without an id
    request: { operation: checked, body: {} }
    expect: { status: 400, error: "Required properties are missing from object: id.", backends: [] }
  - name: a count that is none
    request: { operation: checked, body: { id: 6 }, query: { count: many } }
    expect: { status: 400, bodyContains: "query parameter count couldn't be parsed" }
  - name: a status that is not in the document
    request: { operation: checked, body: { id: 6 } }
    backends: { main: { status: 201 } }
    expect: { status: 502, error: Response status code 201 is not allowed. }
  - name: a header that is not in the document
    request: { operation: checked, body: { id: 6 } }
    backends: { main: { headers: { x-secret: "1" } } }
    expect: { status: 502, error: Unspecified header x-secret is not allowed. }
  - name: cached
    steps:
      - request: { operation: cached, body: { messages: [{ role: user, content: Hello there }] } }
        expect: { backends: [main] }
      - request: { operation: cached, body: { messages: [{ role: user, content: hello THERE! }] } }
        expect: { backends: [], trace: [found in the cache] }
  - name: safe as long as nothing says otherwise
    request: { operation: safe, body: { messages: [{ role: user, content: hi }] } }
    expect: { status: 200, backends: [main] }
  - name: not safe
    request: { operation: safe, body: { messages: [{ role: user, content: hi }] } }
    backends: { safety: { body: { categoriesAnalysis: [{ category: Hate, severity: 2 }] } } }
    expect: { status: 403, bodyContains: Request failed content safety check., backends: [] }
`;

it("runs them as they are compiled", async () => {
  writeFileSync(join(folder, "orders.json"), JSON.stringify(openApi));
  writeFileSync(join(folder, "gateway.yaml"), spec);
  writeFileSync(join(folder, "orders.gateway-test.yaml"), cases);
  const { io, stdout, stderr } = createTestIo({ cwd: folder });
  const code = await main(["test"], io);
  expect({ code, stderr: stderr() }, stdout()).toEqual({ code: 0, stderr: "" });
  expect(stdout()).toContain("11 cases in 1 file: 11 passed.");
});
