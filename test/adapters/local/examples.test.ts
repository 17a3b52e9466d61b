/** The PUT bodies Microsoft gives as examples: accepted, or refused for a reason that is written down here. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { sharedRoot } from "../../support/shared-data.ts";
import { refusalOf, single, start } from "./support.ts";
import type { Client } from "./support.ts";

type Example = {
  readonly name: string;
  readonly type: string;
  readonly body: { readonly properties: Readonly<Record<string, unknown>> };
};

const file = resolve(sharedRoot, "arm-spec/examples-put-bodies.json");
const examples = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Example[]) : [];
if (examples.length === 0) console.warn(`no examples: ${file} is not there`);

/** Where a body of a type is put. */
const places: Readonly<Record<string, string>> = {
  apis: "apis/x",
  "apis/diagnostics": "apis/a/diagnostics/applicationinsights",
  "apis/operations": "apis/a/operations/x",
  "apis/operations/policies": "apis/a/operations/o/policies/policy",
  "apis/policies": "apis/a/policies/policy",
  backends: "backends/x",
  diagnostics: "diagnostics/azuremonitor",
  loggers: "loggers/x",
  namedValues: "namedValues/x",
  policies: "policies/policy",
  policyFragments: "policyFragments/x",
  products: "products/x",
  "products/policies": "products/p/policies/policy",
};

const noLinks = /does not fetch documents/;

/** What is refused, and in which words. */
const refused: Readonly<Record<string, RegExp>> = {
  ApiManagementCreateApiClone: /does not copy APIs/,
  ApiManagementCreateApiNewVersionUsingExistingApi: /does not copy APIs/,
  ApiManagementCreateApiRevisionFromExistingApi: /does not copy APIs/,
  ApiManagementCreateApiUsingImportOverrideServiceUrl: noLinks,
  ApiManagementCreateApiUsingOai3Import: noLinks,
  ApiManagementCreateApiUsingOai3ImportWithTranslateRequiredQueryParametersConduct: noLinks,
  ApiManagementCreateApiUsingSwaggerImport: noLinks,
  ApiManagementCreateApiUsingWadlImport: noLinks,
  ApiManagementCreateGrpcApi: noLinks,
  ApiManagementCreateODataApi: noLinks,
  ApiManagementCreateSoapPassThroughApiUsingWsdlImport: noLinks,
  ApiManagementCreateSoapToRestApiUsingWsdlImport: noLinks,
};

async function prepare({ put }: Client): Promise<void> {
  await put("apis/a", { path: "a", displayName: "A" });
  await put("apis/a/operations/o", { displayName: "O", method: "GET", urlTemplate: "/" });
  await put("products/p", { displayName: "P" });
  for (const id of ["applicationinsights", "azuremonitor", "16"])
    await put(`loggers/${id}`, { loggerType: "azureMonitor" });
  for (const id of ["backend-1", "backend-2", "backend-3", "backend-4"]) await put(`backends/${id}`, single);
  await put("namedValues/call-count", { displayName: "call-count", value: "10" });
}

const ours = examples.flatMap((example) => {
  const place = places[example.type.replace("Microsoft.ApiManagement/service/", "")];
  return place === undefined ? [] : [{ ...example, place }];
});

describe.skipIf(examples.length === 0)("Microsoft's examples", () => {
  test("there are some of each kind", () => {
    expect(new Set(ours.map(({ place }) => place)).size).toBe(Object.keys(places).length);
  });

  test.each(ours)("$name as $place", async ({ name, place, body }) => {
    const client = await start();
    await prepare(client);
    const reply = await client.settle(await client.put(place, body.properties));
    const reason = refused[name];
    if (reason === undefined) expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
    else expect(JSON.stringify(refusalOf(reply).details)).toMatch(reason);
  });
});
