/** Workspaces: there until they are deleted, each with resources of its own. */
import { expect, test } from "vitest";
import { detailsOf, importBody, namesOf, propertiesOf, serviceId, single, start } from "./support.ts";
import type { Client } from "./support.ts";

const workspace = "workspaces/Team-A";
const any = { "if-match": "*" };

async function startWithProduct(): Promise<Client> {
  const client = await start();
  await client.settle(await client.put(`${workspace}/apis/a`, importBody("a", "Chat")));
  await client.put(`${workspace}/products/p`, { displayName: "P" });
  return client;
}

test("a workspace is there until it is deleted, and what is in it goes with it", async () => {
  const { get, put, call } = await start();
  expect(propertiesOf(await get(workspace))).toEqual({ displayName: "Team-A", description: null });
  expect(namesOf(await get("workspaces"))).toEqual([]);
  expect((await put(workspace, { displayName: "A", description: "Of team A" })).status).toBe(200);
  await put(`${workspace}/backends/b`, single);
  expect(namesOf(await get("workspaces"))).toEqual(["Team-A"]);
  expect((await call("DELETE", workspace)).status).toBe(400);
  expect((await call("DELETE", workspace, { headers: { "if-match": '"1"' } })).status).toBe(412);
  expect((await call("DELETE", workspace, { headers: any })).status).toBe(200);
  expect((await get(workspace)).status).toBe(404);
  expect((await get(`${workspace}/backends`)).status).toBe(404);
  expect((await put(`${workspace}/backends/b`, single)).status).toBe(404);
  expect((await call("DELETE", workspace, { headers: any })).status).toBe(204);
  expect((await put(workspace, { displayName: "Again" }, { "if-none-match": "*" })).status).toBe(201);
  expect((await put(workspace, { displayName: "Again" }, { "if-none-match": "*" })).status).toBe(412);
  expect(namesOf(await get(`${workspace}/backends`))).toEqual([]);
});

test("a workspace needs a name", async () => {
  const { put } = await start();
  expect(detailsOf(await put(workspace, { description: "x" }))).toEqual([
    "displayName: 'displayName' should not be empty.",
  ]);
});

test("resources of a workspace are its own, and stay after a restart", async () => {
  const first = await start();
  await first.put("backends/b", { ...single, url: "https://service.example" });
  const made = await first.put(`${workspace}/backends/b`, single);
  expect(made.body).toMatchObject({
    id: `${serviceId}/workspaces/Team-A/backends/b`,
    type: "Microsoft.ApiManagement/service/workspaces/backends",
  });
  await first.close();
  const { get } = await start({ directory: first.directory });
  expect(propertiesOf(await get("workspaces/TEAM-A/backends/b"))).toMatchObject({ url: single.url });
  expect(propertiesOf(await get("backends/b"))).toMatchObject({ url: "https://service.example" });
  expect(namesOf(await get("workspaces/other/backends"))).toEqual([]);
});

test("a workspace has no document before somebody writes one, and none once it is deleted", async () => {
  const { get, put, call } = await start();
  const path = `${workspace}/policies/policy`;
  expect((await get(path)).status).toBe(404);
  const value = "<policies><inbound><base /></inbound></policies>";
  expect((await put(path, { format: "rawxml", value })).status).toBe(201);
  expect((await call("DELETE", path, { headers: any })).status).toBe(200);
  expect((await get(path)).status).toBe(404);
});

test("what is on the service cannot be referred to from a workspace, nor the other way round", async () => {
  const { put } = await start();
  await put("backends/b", single);
  await put(`${workspace}/backends/c`, single);
  const pool = (id: string) => ({ type: "Pool", pool: { services: [{ id }] } });
  expect((await put(`${workspace}/backends/p`, pool(`${serviceId}/backends/b`))).status).toBe(400);
  expect((await put("backends/p", pool(`${serviceId}/${workspace}/backends/c`))).status).toBe(400);
  expect((await put(`${workspace}/backends/p`, pool(`${serviceId}/${workspace}/backends/c`))).status).toBe(
    201,
  );
});

test("products link APIs by links with ids of their own", async () => {
  const { get, put, call, settle } = await startWithProduct();
  const links = `${workspace}/products/p/apiLinks`;
  const apiId = `${serviceId}/workspaces/Team-A/apis/a`;
  expect((await put(`${links}/one`, { apiId })).status).toBe(201);
  expect((await put(`${links}/one`, { apiId })).status).toBe(200);
  expect((await put(`${links}/two`, { apiId })).status).toBe(409);
  expect((await put(`${links}/three`, { apiId: `${serviceId}/apis/a` })).status).toBe(400);
  expect(propertiesOf(await get(`${links}/one`))).toEqual({ apiId });
  expect((await call("DELETE", `${links}/one`)).status).toBe(200);
  await put(`${links}/two`, { apiId });
  await settle(await call("DELETE", `${workspace}/apis/a`, { headers: any }));
  expect(namesOf(await get(links))).toEqual([]);
});

test.each([
  ["GET", `${workspace}/products/p/apis`],
  ["PUT", `${workspace}/products/p/apis/a`],
  ["GET", `${workspace}/products/p/subscriptions`],
  ["GET", `${workspace}/apis/a/products`],
  ["GET", `${workspace}/allPolicies`],
  ["GET", `${workspace}/workspaces`],
  ["GET", "products/p/apiLinks"],
])("%s %s is not there", async (method, path) => {
  const { call } = await startWithProduct();
  expect((await call(method, path)).status).toBe(404);
});
