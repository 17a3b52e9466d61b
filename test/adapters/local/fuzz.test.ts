import fc from "fast-check";
import { expect, test } from "vitest";
import { single, start } from "./support.ts";
import type { Client } from "./support.ts";

const paths = [
  ...[
    "backends/b",
    "namedValues/n",
    "loggers/l",
    "policyFragments/f",
    "apis/x",
    "apis/a/operations/o",
    "apis/a/policies/policy",
  ],
  ...["apis/a/diagnostics/d", "diagnostics/d", "products/p", "products/q/policies/policy", "policies/policy"],
];

const names = [
  ...[
    "url",
    "protocol",
    "type",
    "pool",
    "services",
    "id",
    "circuitBreaker",
    "rules",
    "failureCondition",
    "count",
    "tls",
    "credentials",
  ],
  ...[
    "displayName",
    "value",
    "format",
    "secret",
    "keyVault",
    "tags",
    "loggerType",
    "loggerId",
    "sampling",
    "path",
    "protocols",
  ],
  ...[
    "method",
    "urlTemplate",
    "templateParameters",
    "request",
    "responses",
    "state",
    "subscriptionKeyParameterNames",
    "__proto__",
  ],
];

const leaf = fc.oneof(
  fc.constantFrom(
    "",
    "http",
    "Pool",
    "Single",
    "azureMonitor",
    "/backends/a",
    "/loggers/l",
    "xml",
    "openapi",
    "<policies/>",
    "<fragment>",
    "{{x}}",
    "/{id}",
  ),
  fc.jsonValue({ maxDepth: 1 }),
  fc.string(),
);

const body = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie("node"), { maxKeys: 6 }),
  ),
})).node;

test("no body is answered with a 500 or breaks the contract", async () => {
  const client = await start();
  await prepare(client);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.constantFrom("PUT", "PATCH"),
      body,
      async (path, method, properties) => {
        const reply = await client.settle(
          await client.call(method, path, { body: { properties }, headers: { "If-Match": "*" } }),
        );
        const created =
          reply.status === 412 ? await client.settle(await client.put(path, properties)) : reply;
        expect(created.status).not.toBe(500);
      },
    ),
    { numRuns: 600, seed: 7 },
  );
  expect((await client.get("backends/a")).status).toBe(200);
});

test("no text is answered with a 500 when it is a policy", async () => {
  const client = await start();
  await prepare(client);
  const piece = fc.oneof(
    fc.constantFrom(
      "<",
      ">",
      "</",
      "/>",
      "<policies>",
      "</policies>",
      "<inbound>",
      "<a b=",
      '"',
      "'",
      "&",
      "&amp;",
      "@(",
      ")",
      "{{",
      "}}",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      " ",
    ),
    fc.string({ maxLength: 5 }),
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 20 }).map((pieces) => pieces.join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom("xml", "rawxml"), async (value, format) => {
      expect((await client.put("policies/policy", { value, format })).status).not.toBe(500);
    }),
    { numRuns: 400, seed: 7 },
  );
});

async function prepare({ put }: Client): Promise<void> {
  await put("backends/a", single);
  await put("loggers/l", { loggerType: "azureMonitor" });
  await put("apis/a", { path: "a", displayName: "A" });
  await put("products/q", { displayName: "Q" });
}
