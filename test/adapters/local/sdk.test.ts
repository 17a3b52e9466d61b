/** The official client against the local APIM: paging, long-running operations, ETags and errors as it understands them. */
import { ApiManagementClient } from "@azure/arm-apimanagement";
import { expect, test } from "vitest";
import { document, importBody, single, start, subscriptionId } from "./support.ts";

function connect(endpoint: string): ApiManagementClient {
  const credential = {
    getToken: () => Promise.resolve({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const client = new ApiManagementClient(credential, subscriptionId, {
    endpoint,
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });
  // The client's own policy sends tokens over https only.
  client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
  client.pipeline.addPolicy({
    name: "token",
    sendRequest: (request, next) => {
      request.headers.set("Authorization", "Bearer t");
      return next(request);
    },
  });
  return client;
}

const where = ["rg1", "apimService1"] as const;

test("an import is waited for, its operations can then have policies", async () => {
  const { endpoint } = await start({ importDelayMs: 30 });
  const client = connect(endpoint);
  const { value } = importBody("chat", "Chat", "Image");
  const api = await client.api.beginCreateOrUpdateAndWait(
    ...where,
    "chat",
    { path: "chat", displayName: "Chat", format: "openapi+json", value },
    { updateIntervalInMs: 1 },
  );
  expect(api).toMatchObject({ name: "chat", path: "chat", isCurrent: true });
  const names: (string | undefined)[] = [];
  for await (const operation of client.apiOperation.listByApi(...where, "chat")) names.push(operation.name);
  expect(names).toEqual(["Chat", "Image"]);
  const policy = { format: "rawxml", value: document('<set-variable name="a" value="@("b")" />') };
  await client.apiOperationPolicy.createOrUpdate(...where, "chat", "Chat", "policy", policy);
  const seen = await client.apiOperationPolicy.get(...where, "chat", "Chat", "policy");
  expect(seen.value).toContain("&quot;b&quot;");
  expect(seen.eTag).toMatch(/^"/);
  await client.api.beginDeleteAndWait(...where, "chat", "*", { updateIntervalInMs: 1 });
  await expect(client.api.get(...where, "chat")).rejects.toMatchObject({
    statusCode: 404,
    code: "ResourceNotFound",
  });
});

test("an import that fails fails when it is waited for", async () => {
  const { endpoint } = await start();
  const client = connect(endpoint);
  const bad = { path: "a", displayName: "A", format: "openapi+json", value: "{" };
  await expect(
    client.api.beginCreateOrUpdateAndWait(...where, "a", bad, { updateIntervalInMs: 1 }),
  ).rejects.toMatchObject({ statusCode: 400, code: "ValidationError" });
});

test("pages are followed", async () => {
  const { endpoint, put } = await start();
  for (let index = 0; index < 101; index += 1) await put(`backends/b${index}`, single);
  let count = 0;
  for await (const backend of connect(endpoint).backend.listByService(...where))
    count += backend.protocol === "http" ? 1 : 0;
  expect(count).toBe(101);
});

test("named values, fragments and products are plain calls", async () => {
  const { endpoint } = await start();
  const client = connect(endpoint);
  await client.namedValue.beginCreateOrUpdateAndWait(
    ...where,
    "n",
    { displayName: "n", value: "v", secret: true },
    { updateIntervalInMs: 1 },
  );
  expect((await client.namedValue.listValue(...where, "n")).value).toBe("v");
  await client.policyFragment.beginCreateOrUpdateAndWait(
    ...where,
    "f",
    { value: "<fragment />" },
    { updateIntervalInMs: 1 },
  );
  await client.product.createOrUpdate(...where, "p", { displayName: "P" });
  await client.api.beginCreateOrUpdateAndWait(
    ...where,
    "a",
    { path: "a", displayName: "A" },
    { updateIntervalInMs: 1 },
  );
  await client.productApi.createOrUpdate(...where, "p", "a");
  expect((await client.productApi.checkEntityExists(...where, "p", "a")).body).toBe(true);
  const { eTag } = await client.product.getEntityTag(...where, "p");
  await expect(client.product.delete(...where, "p", '"other"')).rejects.toMatchObject({ statusCode: 412 });
  await client.product.delete(...where, "p", eTag ?? "", { deleteSubscriptions: true });
  expect((await client.apiManagementService.get(...where)).sku).toEqual({ name: "StandardV2", capacity: 1 });
});
