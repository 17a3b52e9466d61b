/** Revisions and releases: what is copied, what is shared, and what calls get. */
import { expect, test } from "vitest";
import {
  detailsOf,
  document,
  importBody,
  namesOf,
  propertiesOf,
  serviceId,
  single,
  start,
} from "./support.ts";
import type { Client } from "./support.ts";

const policy = (variable: string) => ({
  format: "rawxml",
  value: document(`<set-variable name="${variable}" value="1" />`),
});
const copy = { path: "a", sourceApiId: `${serviceId}/apis/a`, apiRevisionDescription: "Next" };
const policyPath = (api: string) => `apis/${api}/operations/Chat/policies/policy`;

async function startWithApi(): Promise<Client> {
  const client = await start();
  await client.put("backends/b", single);
  await client.settle(await client.put("apis/a", importBody("a", "Chat", "List")));
  await client.put(policyPath("a"), policy("first"));
  await client.put("products/p", { displayName: "P" });
  await client.call("PUT", "products/p/apis/a");
  return client;
}

async function variableOf({ get }: Client, api: string): Promise<string | undefined> {
  const { value } = propertiesOf(await get(policyPath(api), { format: "rawxml" }));
  return /name="([a-z]+)"/.exec(JSON.stringify(value).replaceAll("\\", ""))?.[1];
}

test("a revision is a copy that is written for itself, until a release exchanges it with the current one", async () => {
  const client = await startWithApi();
  const { get, put, call } = client;
  const made = await put("apis/a;rev=2", copy);
  expect(made.status).toBe(201);
  expect(propertiesOf(made)).toMatchObject({
    displayName: "Chat",
    path: "a",
    apiRevision: "2",
    isCurrent: false,
    apiRevisionDescription: "Next",
  });
  expect(namesOf(await get("apis"))).toEqual(["a", "a;rev=2"]);
  expect(namesOf(await get("apis/a;rev=2/operations"))).toEqual(["Chat", "List"]);
  expect(await variableOf(client, "a;rev=2")).toBe("first");
  await put(policyPath("a;rev=2"), policy("second"), { "If-Match": "*" });
  expect(await variableOf(client, "a")).toBe("first");

  const released = await put("apis/a/releases/r", { apiId: "/apis/a;rev=2", notes: "Go" });
  expect(released.status).toBe(201);
  expect(propertiesOf(released)).toMatchObject({ apiId: "/apis/a;rev=2", notes: "Go" });
  expect(await variableOf(client, "a")).toBe("second");
  expect(await variableOf(client, "a;rev=1")).toBe("first");
  expect(await variableOf(client, "a;rev=2")).toBe("second");
  expect(propertiesOf(await get("apis/a"))).toMatchObject({ apiRevision: "2", isCurrent: true });
  expect(namesOf(await get("apis"))).toEqual(["a", "a;rev=1"]);
  expect((await call("HEAD", "products/p/apis/a")).status).toBe(204);
  const { body } = await get("apis/a/revisions");
  expect(body).toMatchObject({
    value: [
      { apiId: "/apis/a;rev=2", isCurrent: true },
      { apiId: "/apis/a;rev=1", isCurrent: false },
    ],
  });

  // Back to the first: what the second was stays as it is.
  await put("apis/a/releases/back", { apiId: `${serviceId}/apis/a;rev=1` });
  expect(await variableOf(client, "a")).toBe("first");
  expect(await variableOf(client, "a;rev=2")).toBe("second");
  expect(namesOf(await get("apis/a/releases"))).toEqual(["back", "r"]);
});

test("a document is imported into a revision, and the API keeps its operations", async () => {
  const { put, get, settle } = await startWithApi();
  await put("apis/a;rev=2", copy);
  const imported = await settle(
    await put("apis/a;rev=2", importBody("a", "Chat", "Images"), { "If-Match": "*" }),
  );
  expect(imported.status).toBe(200);
  expect(namesOf(await get("apis/a;rev=2/operations"))).toEqual(["Chat", "Images"]);
  expect(namesOf(await get("apis/a/operations"))).toEqual(["Chat", "List"]);
});

test.each<[string, string, object, unknown]>([
  [
    "another name",
    "apis/a;rev=2",
    { displayName: "B" },
    /Can't change property Name for non-current revision/,
  ],
  ["another path", "apis/a;rev=2", { path: "b" }, /Can't change property Path for non-current revision/],
  ["nothing to copy", "apis/a;rev=2", { sourceApiId: undefined }, /'sourceApiId' is needed/],
  ["another API to copy", "apis/a;rev=2", { sourceApiId: "/apis/other" }, /not found/],
  ["no number", "apis/a;rev=", {}, /number of a revision is missing/],
])("a revision is refused: %s", async (_, path, change, message) => {
  const { put } = await startWithApi();
  expect(JSON.stringify(detailsOf(await put(path, { ...copy, ...change })))).toMatch(message as RegExp);
});

test("a revision needs its API, a release its revision, and the current one is not deleted", async () => {
  const { put, remove, get } = await startWithApi();
  expect((await put("apis/none;rev=2", copy)).status).toBe(404);
  const unknown = await put("apis/a/releases/r", { apiId: "/apis/a;rev=7" });
  expect(JSON.stringify(detailsOf(unknown))).toMatch(/'\/apis\/a;rev=7' not found/);
  expect((await remove("apis/a;rev=1", { "If-Match": "*" })).status).toBe(400);
  expect((await get("apis/a")).status).toBe(200);
});

test("an API is deleted with its revisions", async () => {
  const { put, remove, get, settle } = await startWithApi();
  await put("apis/a;rev=2", copy);
  await settle(await remove("apis/a", { "If-Match": "*" }));
  expect(namesOf(await get("apis"))).toEqual([]);
});
