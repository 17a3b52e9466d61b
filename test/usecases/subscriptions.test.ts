import { describe, expect, it, onTestFinished } from "vitest";
import { serviceArmId } from "../../src/core/ports.ts";
import { isJsonObject } from "../../src/core/json.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { planRisks } from "../../src/core/plan/risks.ts";
import { everything } from "../../src/core/plan/select.ts";
import { chooseSubscriptions, listSubscriptions, regenerateKey } from "../../src/usecases/keys.ts";
import { actions, openLocalProject, ref } from "./local-project.ts";
import type { LocalProject } from "./local-project.ts";
import { pullAndPlan } from "./pull-project.ts";

async function open(): Promise<LocalProject> {
  const project = await openLocalProject();
  onTestFinished(() => project.close());
  return project;
}

const arm = (path: string) => `${serviceArmId(ref)}/${path}`;

/** A subscription that somebody made in the portal. */
function makeByHand({ service }: LocalProject, id: string, scope: string, more: JsonObject = {}) {
  const properties = { displayName: id, scope: arm(scope), state: "active", ...more };
  return service.put(`subscriptions/${id}`, { properties });
}

async function propertiesOf({ service }: LocalProject, id: string): Promise<JsonObject | undefined> {
  const properties = (await service.get(`subscriptions/${id}`))?.body.properties;
  return isJsonObject(properties) ? properties : undefined;
}

const keysOf = ({ service }: LocalProject, id: string) => service.act(`subscriptions/${id}`, "listSecrets");

const products = { a: { subscriptions: ["app"] } };

describe("subscriptions of a spec", () => {
  it("are made once what limits their product is there, and planned again without a change", async () => {
    const project = await open();
    const spec = { products: { a: { rateLimit: { calls: 5, period: "1m" }, ...products.a } } };
    const planned = await project.plan(spec);
    expect(actions(planned)).toEqual([
      "create product a",
      "create policy products/a",
      "create subscription a/app",
    ]);
    await project.applyPlanned(planned);
    expect(actions(await project.plan(spec))).toEqual([]);
    expect(await propertiesOf(project, "app")).toMatchObject({ state: "active", scope: arm("products/a") });
  });

  it("keep their keys when they change, and lose what an update does not name", async () => {
    const project = await open();
    await project.apply({ products });
    const before = await keysOf(project, "app");
    const changed = { a: { subscriptions: { app: { displayName: "The app", state: "suspended" } } } };
    const planned = await project.plan({ products: changed });
    expect(actions(planned)).toEqual(["update subscription a/app"]);
    expect([...planRisks(planned.plan).values()].flat()).toEqual([
      { kind: "access-changed", message: "its keys stop working" },
    ]);
    await project.applyPlanned(planned);
    expect(await propertiesOf(project, "app")).toMatchObject({ displayName: "The app", state: "suspended" });
    expect(await keysOf(project, "app")).toEqual(before);
    expect(actions(await project.plan({ products: changed }))).toEqual([]);
  });

  it("take over one of that id in the same product, with its keys", async () => {
    const project = await open();
    await project.apply({ products: { a: {} } });
    await makeByHand(project, "app", "products/a", { displayName: "By hand", ownerId: "/users/7" });
    const before = await keysOf(project, "app");
    const planned = await project.plan({ products });
    expect(actions(planned)).toEqual(["update subscription a/app"]);
    await project.applyPlanned(planned);
    expect(await propertiesOf(project, "app")).toMatchObject({ displayName: "app", ownerId: "/users/7" });
    expect(await keysOf(project, "app")).toEqual(before);
  });
});

describe("nobody's subscription is deleted", () => {
  it("not when it leaves the spec, nor when a customer made it; the plan says whose keys work on", async () => {
    const project = await open();
    await project.apply({ products: { a: { subscriptions: ["app", "batch"] }, b: {} } });
    await makeByHand(project, "customer", "products/a", { ownerId: "/users/7" });
    await makeByHand(project, "hand", "products/a");
    await makeByHand(project, "other", "products/b");
    await makeByHand(project, "everything", "apis");
    const fewer = { products: { a: { subscriptions: ["app"] }, b: {} } };
    const planned = await project.plan(fewer);
    expect(planned.plan.changes).toEqual([]);
    expect(planned.plan.notes.map(({ path, note }) => `${path}: ${note}`)).toEqual([
      "products/a: the spec does not name 2 subscriptions of it, which stay, and their keys work: `batch`, `hand`",
      "products/b: the spec does not name a subscription of it, which stay, and their keys work: `other`",
    ]);
    await project.apply(fewer);
    for (const id of ["app", "batch", "customer", "hand", "other", "everything"])
      expect(await propertiesOf(project, id), id).toBeDefined();
  });

  it("but with its product, of which the plan says so; those of others stay", async () => {
    const project = await open();
    await project.apply({ products: { ...products, b: {} } });
    await makeByHand(project, "customer", "products/a", { ownerId: "/users/7" });
    await makeByHand(project, "other", "products/b");
    await makeByHand(project, "everything", "apis");
    const planned = await project.plan({ products: { b: {} } });
    expect(actions(planned)).toEqual(["delete product a"]);
    expect(planned.plan.changes[0]?.notes).toEqual([
      "its 2 subscriptions go with it, and the keys stop working: `app`, `customer`",
    ]);
    expect([...planRisks(planned.plan).values()].flat()).toEqual([
      {
        kind: "delete",
        message:
          "gone from the service once applied; its 2 subscriptions go with it, and the keys stop working: `app`, `customer`",
      },
    ]);
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    expect(await propertiesOf(project, "app")).toBeUndefined();
    expect(await propertiesOf(project, "customer")).toBeUndefined();
    expect(await propertiesOf(project, "other")).toBeDefined();
    expect(await propertiesOf(project, "everything")).toBeDefined();
  });

  it("not by destroy, in a product that is not the spec's", async () => {
    const project = await open();
    await project.service.put("products/theirs", { properties: { displayName: "theirs" } });
    await makeByHand(project, "customer", "products/theirs");
    await project.apply({ products });
    expect(actions(await project.planDestroy())).toEqual(["delete product a"]);
    expect(actions(await project.planDestroy("team-a", { ...everything, deletes: false }))).toEqual([]);
    await project.applyPlanned(await project.planDestroy());
    expect(await propertiesOf(project, "customer")).toBeDefined();
  });
});

describe("an id that is taken", () => {
  it.each(["products/theirs", "apis"])("is refused when its calls come through %s", async (scope) => {
    const project = await open();
    await project.service.put("products/theirs", { properties: { displayName: "theirs" } });
    await makeByHand(project, "app", scope);
    await expect(project.plan({ products })).rejects.toThrow(`is on the service for \`/${scope}\``);
  });

  it("moves between products of the spec with its keys, and before the old one goes", async () => {
    const project = await open();
    await project.apply({ products });
    const before = await keysOf(project, "app");
    const planned = await project.plan({ products: { b: { subscriptions: ["app"] } } });
    expect(actions(planned)).toEqual(["create product b", "update subscription b/app", "delete product a"]);
    expect([...planRisks(planned.plan).values()].flat().map(({ message }) => message)).toContain(
      "its keys open products/b instead of products/a",
    );
    expect((await project.applyPlanned(planned)).failures).toEqual([]);
    expect(await propertiesOf(project, "app")).toMatchObject({ scope: arm("products/b") });
    expect(await keysOf(project, "app")).toEqual(before);
  });
});

describe("keys", () => {
  const spec = { products: { a: { subscriptions: ["app", "batch"] }, b: { subscriptions: ["other"] } } };

  it("are in no plan, event, journal, live model or pulled spec, though answers to writes have them", async () => {
    const project = await open();
    const first = await project.plan(spec);
    const applied = await project.applyPlanned(first);
    const changed = await project.plan({
      products: { ...spec.products, a: { subscriptions: { app: { displayName: "x" } } } },
    });
    const again = await project.applyPlanned(changed);
    const pulled = await pullAndPlan(project.service);
    const everythingSaid = JSON.stringify([first, applied, changed, again, pulled]);
    expect(everythingSaid).not.toMatch(/(primary|secondary)Key/);
    for (const id of ["app", "batch", "other"])
      for (const key of Object.values(await keysOf(project, id))) expect(everythingSaid).not.toContain(key);
  });

  it("are listed without being read, and read when asked for", async () => {
    const project = await open();
    const { desired } = await project.plan(spec);
    await project.apply({ products: { a: { subscriptions: ["app", "batch"] } } });
    const all = chooseSubscriptions(desired, []);
    expect(await listSubscriptions(project.service, all, { shows: false })).toEqual([
      { id: "app", product: "a", displayName: "app", state: "active" },
      { id: "batch", product: "a", displayName: "batch", state: "active" },
      { id: "other", product: "b", displayName: "other", state: null },
    ]);
    const [app] = await listSubscriptions(project.service, chooseSubscriptions(desired, ["A/App"]), {
      shows: true,
    });
    expect(app?.keys).toEqual(await keysOf(project, "app"));
  });

  it("of a subscription of another product are none of the spec's", async () => {
    const project = await open();
    const { desired } = await project.plan(spec);
    await project.service.put("products/theirs", { properties: { displayName: "theirs" } });
    await makeByHand(project, "app", "products/theirs");
    const named = chooseSubscriptions(desired, ["app"]);
    expect(await listSubscriptions(project.service, named, { shows: true })).toEqual([
      { id: "app", product: "a", displayName: "app", state: null },
    ]);
    for (const each of named)
      await expect(regenerateKey(project.service, each, "primary")).rejects.toMatchObject({
        code: "KEYS.NOT_ON_SERVICE",
      });
  });

  it("are replaced one at a time", async () => {
    const project = await open();
    const { desired } = await project.plan(spec);
    await project.apply(spec);
    const before = await keysOf(project, "app");
    for (const each of chooseSubscriptions(desired, ["app"]))
      await regenerateKey(project.service, each, "secondary");
    const after = await keysOf(project, "app");
    expect(after["primaryKey"]).toBe(before["primaryKey"]);
    expect(after["secondaryKey"]).not.toBe(before["secondaryKey"]);
    expect(actions(await project.plan(spec))).toEqual([]);
  });

  it("are asked for by names that the spec has", async () => {
    const { desired } = await (await open()).plan(spec);
    expect(() => chooseSubscriptions(desired, ["a/ap"])).toThrow("the spec names no subscription `a/ap`");
    expect(() => chooseSubscriptions(desired, ["b/app"])).toThrow("the spec names no subscription `b/app`");
  });
});

describe("pull", () => {
  it("keeps what is protected so", async () => {
    const project = await open();
    const isProtected = { protected: true };
    await project.apply({
      backends: { a: { url: "https://a.example", ...isProtected }, b: { url: "https://b.example" } },
      pools: { both: { members: [{ backend: "a" }, { backend: "b" }], ...isProtected } },
      namedValues: { n: { value: "v", ...isProtected } },
      loggers: { l: { azureMonitor: {}, ...isProtected } },
      products: { a: { ...isProtected, ...products.a } },
      versionSets: { v: { scheme: "path", ...isProtected } },
    });
    const pulled = await pullAndPlan(project.service);
    expect([pulled.changes, pulled.errors]).toEqual([[], []]);
    expect(pulled.text.match(/protected: true/g)).toHaveLength(6);
    expect(pulled.text).not.toContain("existing:");
  });

  it("writes those that no developer made by signing up, and plans no change", async () => {
    const project = await open();
    await project.apply({
      products: { a: { subscriptions: { app: { state: "suspended" }, batch: {} } }, b: {} },
    });
    await makeByHand(project, "customer", "products/a", { ownerId: "/users/7" });
    await makeByHand(project, "admin", "products/b", { ownerId: "/users/1", displayName: "Ours" });
    await makeByHand(project, "odd(id)", "products/b");
    const pulled = await pullAndPlan(project.service);
    expect([pulled.changes, pulled.errors]).toEqual([[], []]);
    expect(pulled.text).toContain("subscriptions: { app: { state: suspended }, batch: {} }");
    expect(pulled.text).toContain("subscriptions: { admin: { displayName: Ours } }");
    expect(pulled.text).not.toContain("customer");
  });
});
