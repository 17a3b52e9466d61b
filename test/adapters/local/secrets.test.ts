import { expect, test } from "vitest";
import { detailsOf, document, namesOf, propertiesOf, refusalOf, start } from "./support.ts";

test("a secret value leaves only through listValue", async () => {
  const { put, get, call, patch } = await start();
  const created = await put("namedValues/key", { displayName: "key", value: "s3cret", secret: true });
  const patched = await patch("namedValues/key", { tags: ["a"] });
  const texts = [created, patched, await get("namedValues/key"), await get("namedValues")].map(({ body }) =>
    JSON.stringify(body),
  );
  expect(texts.filter((text) => text.includes("s3cret"))).toEqual([]);
  expect(propertiesOf(patched)).toEqual({
    displayName: "key",
    tags: ["a"],
    secret: true,
    provisioningState: "Succeeded",
  });
  expect((await call("POST", "namedValues/key/listValue")).body).toEqual({ value: "s3cret" });
});

test("a plain value comes back", async () => {
  const { put, get, call } = await start();
  await put("namedValues/n", { displayName: "n", value: "v" });
  expect(propertiesOf(await get("namedValues/n"))).toEqual({
    displayName: "n",
    value: "v",
    secret: false,
    tags: [],
    provisioningState: "Succeeded",
  });
  expect((await call("POST", "NAMEDVALUES/n/LISTVALUE")).body).toEqual({ value: "v" });
  expect((await call("POST", "namedValues/none/listValue")).status).toBe(404);
});

test("a Key Vault value says when it was last read", async () => {
  const { put } = await start({
    clock: { now: () => new Date("2026-01-02T03:04:05Z"), sleep: () => Promise.resolve() },
  });
  const keyVault = { secretIdentifier: "https://kv.vault.azure.net/secrets/s" };
  expect(propertiesOf(await put("namedValues/n", { displayName: "n", keyVault }))).toEqual({
    displayName: "n",
    tags: [],
    secret: true,
    keyVault: {
      ...keyVault,
      identityClientId: null,
      lastStatus: { code: "Success", timeStampUtc: "2026-01-02T03:04:05.000Z" },
    },
    provisioningState: "Succeeded",
  });
});

test.each([
  [{ value: "v" }, "displayName: 'displayName' should not be empty."],
  [{ displayName: "n" }, "value: 'value' should not be empty."],
  [
    { displayName: "a b", value: "v" },
    "displayName: 'displayName' must match the regular expression '^[A-Za-z0-9-._]+$'.",
  ],
  [{ displayName: "taken", value: "v" }, "displayName: Property with the same name already exists"],
  [
    { displayName: "n", value: "v".repeat(4097) },
    "value: 'value' must be between 1 and 4096 characters long.",
  ],
  [{ displayName: "n", value: 1 }, "value: 'value' must be a string."],
  [{ displayName: "n", keyVault: {} }, "keyVault.secretIdentifier: 'secretIdentifier' should not be empty."],
  [
    { displayName: "n", value: "v", tags: Array.from({ length: 33 }, () => "t") },
    "tags: 'tags' must have at most 32 items.",
  ],
])("named value %j is refused", async (body, detail) => {
  const { put } = await start();
  await put("namedValues/other", { displayName: "taken", value: "v" });
  expect(detailsOf(await put("namedValues/n", body))).toEqual([detail]);
});

test("a named value in use stays", async () => {
  const { put, remove } = await start();
  await put("namedValues/id-1", { displayName: "Tenant.Id", value: "v" });
  await put("policyFragments/f", {
    value: '<fragment><set-variable name="t" value="{{Tenant.Id}}" /></fragment>',
  });
  await put("loggers/l", {
    loggerType: "applicationInsights",
    credentials: { instrumentationKey: "{{Tenant.Id}}" },
  });
  expect(refusalOf(await remove("namedValues/id-1"))).toMatchObject({
    status: 400,
    message:
      "The NamedValue 'id-1' is used by the following entities:\r\n/loggers/l\r\n/policyFragments/f\r\n",
  });
});

test("a logger's credentials become secret named values, a new one with each write", async () => {
  const { put, get, call } = await start();
  const body = {
    loggerType: "applicationInsights",
    credentials: { connectionString: "InstrumentationKey=1" },
  };
  const created = propertiesOf(await put("loggers/l", body));
  const { connectionString } = created["credentials"] as { connectionString: string };
  expect(connectionString).toMatch(/^\{\{Logger-Credentials--[0-9a-f]{24}\}\}$/);
  const [id] = namesOf(await get("namedValues"));
  expect(propertiesOf(await get(`namedValues/${String(id)}`))).toMatchObject({
    displayName: connectionString.slice(2, -2),
    secret: true,
  });
  expect((await call("POST", `namedValues/${String(id)}/listValue`)).body).toEqual({
    value: "InstrumentationKey=1",
  });
  await put("loggers/l", body);
  expect(namesOf(await get("namedValues"))).toHaveLength(2);
  await put("loggers/l", { ...body, credentials: { connectionString } });
  expect(namesOf(await get("namedValues"))).toHaveLength(2);
  expect(propertiesOf(await get("loggers/l"))).toMatchObject({ credentials: { connectionString } });
});

test("an event hub's name and address are no secrets", async () => {
  const { put, get } = await start();
  const credentials = {
    name: "hub",
    endpointAddress: "ns.servicebus.windows.net",
    identityClientId: "SystemAssigned",
  };
  await put("loggers/hub", { loggerType: "azureEventHub", credentials });
  expect(propertiesOf(await get("loggers/hub"))).toEqual({
    loggerType: "azureEventHub",
    description: null,
    credentials,
    isBuffered: true,
    resourceId: null,
  });
});

test.each([
  [{}, "loggerType: 'loggerType' should not be empty."],
  [
    { loggerType: "console" },
    "loggerType: 'loggerType' must be one of: azureEventHub, applicationInsights, azureMonitor.",
  ],
  [{ loggerType: "applicationInsights" }, "credentials: 'instrumentationKey' should not be empty."],
  [
    { loggerType: "azureEventHub", credentials: { connectionString: "x" } },
    "credentials: 'name' should not be empty.",
  ],
  [
    { loggerType: "azureEventHub", credentials: { name: "x" } },
    "credentials: 'connectionString' should not be empty.",
  ],
  [
    { loggerType: "applicationInsights", credentials: { instrumentationKey: "{{nope}}" } },
    "credentials: Cannot find a property 'nope'",
  ],
])("logger %j is refused", async (body, detail) => {
  const { put } = await start();
  expect(detailsOf(await put("loggers/l", body))).toEqual([detail]);
});

test("a logger that a policy writes to stays", async () => {
  const { put, remove } = await start();
  await put("loggers/audit", { loggerType: "azureMonitor" });
  await put("apis/a", { path: "a", displayName: "A" });
  await put("apis/a/policies/policy", {
    value: document('<log-to-eventhub logger-id="audit">x</log-to-eventhub>'),
  });
  expect(refusalOf(await remove("loggers/audit"))).toMatchObject({
    status: 400,
    message: expect.stringContaining("/apis/a/policies/policy") as string,
  });
});
