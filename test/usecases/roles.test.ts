import { afterEach, describe, expect, it } from "vitest";
import type { Fault, FaultRequest } from "../../src/adapters/local/faults.ts";
import { Failure } from "../../src/core/failure.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { planBasis, requireSameBasis } from "../../src/core/plan/basis.ts";
import type { PlannedSteps } from "../../src/core/plan/compare.ts";
import { serviceArmId } from "../../src/core/ports.ts";
import type { WantedRoles } from "../../src/core/model/resource.ts";
import { loadOwner } from "../../src/usecases/destroy.ts";
import { createHurriedClock } from "../support/hurried-clock.ts";
import { actions, memoryFiles, openLocalProject, ref, subscriptionId } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";
import { send } from "./send-by-hand.ts";

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-ai`;
const swc = `${group}/providers/Microsoft.CognitiveServices/accounts/contoso-swc`;
const eus = `${group}/providers/Microsoft.CognitiveServices/accounts/contoso-eus`;
const userIdentity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway`;
const clientId = "11111111-2222-4333-8444-555555555555";
const openAiUser = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd";
const contributor = "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68";

const openApi = {
  openapi: "3.0.1",
  info: { title: "AI", version: "1" },
  paths: { "/chat": { post: { operationId: "Chat", responses: { 200: { description: "OK" } } } } },
};

function gateway(more: SpecParts = {}): SpecParts {
  return {
    backends: {
      swc: { url: "https://contoso-swc.openai.azure.com/openai", account: swc },
      eus: { url: "https://contoso-eus.openai.azure.com/openai", account: eus },
    },
    pools: { chat: { members: [{ backend: "swc" }, { backend: "eus" }] } },
    apis: {
      ai: {
        path: "ai",
        openapi: "ai.json",
        managedIdentity: "https://cognitiveservices.azure.com/",
        operations: { Chat: { backend: "chat" } },
      },
    },
    ...more,
  };
}

const open: LocalProject[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((project) => project.close()));
});

async function project(
  faults?: (request: FaultRequest) => Fault | undefined,
  document = JSON.stringify(openApi),
): Promise<LocalProject> {
  const clock = createHurriedClock();
  const opened = await openLocalProject({ "ai.json": document }, faults, { clock });
  open.push(opened);
  return opened;
}

const setIdentity = (opened: LocalProject, identity: JsonObject) =>
  send(opened, "PATCH", serviceArmId(ref), { identity });

async function principal({ service }: LocalProject): Promise<string> {
  const identity = (await service.get(""))?.body["identity"] as JsonObject;
  const { principalId } = identity;
  return typeof principalId === "string" ? principalId : "";
}

/** An assignment by somebody else. */
async function assign(opened: LocalProject, scope: string, role: string, name: string): Promise<void> {
  await send(opened, "PUT", `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`, {
    properties: {
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: await principal(opened),
    },
  });
}

async function assignments({ service }: LocalProject): Promise<JsonObject[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments`;
  const principalId = await principal({ service } as LocalProject);
  const found = await service.list(path, { $filter: `principalId eq '${principalId}'` });
  return found.map(({ body }) => body);
}

/** What destroy looks for when the spec says this about roles. */
async function wantedByOwner(mode: string): Promise<WantedRoles | undefined> {
  const text = JSON.stringify({ apimgw: 1, name: "team-a", service: ref, ...gateway({ roles: mode }) });
  const files = memoryFiles({ "gateway.yaml": text, "ai.json": JSON.stringify(openApi) });
  return (await loadOwner(files, { file: "gateway.yaml", variables: {} })).roles;
}

const roles = (planned: PlannedSteps): string[] =>
  actions(planned).filter((action) => action.includes("roleAssignment"));
const notes = ({ plan }: PlannedSteps): string[] =>
  plan.notes.filter(({ kind }) => kind === "roleAssignment").map(({ path, note }) => `${path}: ${note}`);

describe("roles: manage", () => {
  it("gives the role before the policies that need it, and is quiet afterwards", async () => {
    const opened = await project();
    const planned = await opened.plan(gateway({ roles: "manage" }));
    expect(roles(planned)).toEqual([
      "create roleAssignment contoso-eus",
      "create roleAssignment contoso-swc",
    ]);
    const policy = planned.plan.changes.find(({ path }) => path.endsWith("Chat/policies/policy"));
    const paths = planned.plan.changes
      .filter(({ kind }) => kind === "roleAssignment")
      .map(({ path }) => path);
    expect(policy?.dependsOn).toEqual(expect.arrayContaining(paths));
    const { events } = await opened.applyPlanned(planned);
    const finished = events.flatMap((event) => (event.event === "step-finished" ? [event.path] : []));
    for (const path of paths)
      expect(finished.indexOf(path)).toBeLessThan(
        finished.indexOf("apis/ai/operations/Chat/policies/policy"),
      );
    const again = await opened.plan(gateway({ roles: "manage" }));
    expect([...actions(again), ...notes(again)]).toEqual([]);
    expect(again.plan.unchanged).toBe(planned.plan.changes.length);
  });

  it("comes before policies that name a backend for one deployment, too", async () => {
    const document = JSON.stringify(openApi).replaceAll("/chat", "/deployments/{deployment-id}/chat");
    const opened = await project(undefined, document);
    const backends = {
      swc: { url: "https://contoso-swc.openai.azure.com/openai", account: swc },
      eus: { url: "https://contoso-eus.openai.azure.com/openai", account: eus, deployments: { a: "b" } },
    };
    const models = { a: { backend: "swc", fallback: ["eus"] }, otherwise: "deny" };
    const apis = { ai: { path: "ai", openapi: "ai.json", operations: { Chat: { models } } } };
    const planned = await opened.plan(gateway({ roles: "manage", backends, pools: {}, apis }));
    const policy = planned.plan.changes.find(({ path }) => path.endsWith("Chat/policies/policy"));
    const paths = planned.plan.changes.filter(({ kind }) => kind === "roleAssignment");
    expect(policy?.dependsOn).toEqual(expect.arrayContaining(paths.map(({ path }) => path)));
    expect(policy?.dependsOn).toContain("backends/eus--b");
    expect(policy?.dependsOn).not.toContain("backends/eus");
  });

  it("writes scope, principal, role and mark", async () => {
    const opened = await project();
    await opened.apply(gateway({ roles: "manage" }));
    const principalId = await principal(opened);
    const found = (await assignments(opened)).map(({ properties }) => properties as JsonObject);
    expect(found.map(({ scope }) => scope)).toEqual([eus, swc]);
    for (const properties of found) {
      expect(properties).toMatchObject({
        principalId,
        principalType: "ServicePrincipal",
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${openAiUser}`,
      });
      expect(properties["description"]).toMatch(/^\[apimgw:team-a content:[0-9a-f]+\]$/);
    }
  });

  it("names an assignment the same each time", async () => {
    const one = await project();
    const other = await project();
    const paths = async (each: LocalProject) =>
      (await each.plan(gateway({ roles: "manage" }))).plan.changes.map(({ path }) => path);
    expect(await paths(one)).toEqual(await paths(other));
  });

  it("gives one role for two backends of one account", async () => {
    const opened = await project();
    const backends = {
      swc: { url: "https://contoso-swc.openai.azure.com/openai", account: swc },
      eus: {
        url: "https://contoso-swc.openai.azure.com/other",
        account: swc.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"),
      },
    };
    expect(roles(await opened.plan(gateway({ roles: "manage", backends })))).toHaveLength(1);
  });

  it("deletes it when the account has left the spec", async () => {
    const opened = await project();
    await opened.apply(gateway({ roles: "manage" }));
    const without = gateway({
      roles: "manage",
      backends: {
        swc: { url: "https://contoso-swc.openai.azure.com/openai", account: swc },
        eus: { url: "https://contoso-eus.openai.azure.com/openai" },
      },
    });
    expect(actions(await opened.plan(without))).toEqual(["delete roleAssignment contoso-eus"]);
    await opened.apply(without);
    expect(await assignments(opened)).toHaveLength(1);
    expect(actions(await opened.plan(without))).toEqual([]);
  });

  it("gives the role to a user-assigned identity, and takes it from the other one", async () => {
    const opened = await project();
    await opened.apply(gateway({ roles: "manage" }));
    await setIdentity(opened, {
      type: "SystemAssigned, UserAssigned",
      userAssignedIdentities: { [userIdentity]: { clientId } },
    });
    const planned = await opened.plan(gateway({ roles: "manage", identity: { clientId } }));
    expect(roles(planned).sort()).toEqual([
      "create roleAssignment contoso-eus",
      "create roleAssignment contoso-swc",
      "delete roleAssignment contoso-eus",
      "delete roleAssignment contoso-swc",
    ]);
    const policy = planned.plan.changes.find(({ path }) => path.endsWith("Chat/policies/policy"));
    expect(policy?.diff).toContain(`client-id="${clientId}"`);
    expect((await opened.applyPlanned(planned)).failures).toEqual([]);
    expect(await assignments(opened)).toEqual([]);
    expect(actions(await opened.plan(gateway({ roles: "manage", identity: { clientId } })))).toEqual([]);
  });

  it.each([
    ["at the scope itself, under another name", swc, openAiUser],
    ["on the resource group", group, openAiUser],
    ["on the subscription", `/subscriptions/${subscriptionId}`, openAiUser],
    ["as a role that includes it", swc, "a97b65f3-24c7-4388-baec-2e87135dc908"],
  ])("takes a role that is there %s as given", async (_, scope, role) => {
    const opened = await project();
    await assign(opened, scope, role, "99999999-0000-4000-8000-000000000001");
    const planned = await opened.plan(gateway({ roles: "manage" }));
    expect(roles(planned)).not.toContain("create roleAssignment contoso-swc");
    expect(notes(planned)).toEqual([]);
    await opened.applyPlanned(planned);
    const destroyed = await opened.planDestroy(undefined, undefined, await wantedByOwner("manage"));
    expect(roles(destroyed)).toEqual(roles(planned).map((made) => made.replace("create", "delete")));
  });

  it("does not take another role, nor one below, as given", async () => {
    const opened = await project();
    await assign(opened, swc, contributor, "99999999-0000-4000-8000-000000000001");
    await assign(opened, `${eus}/deployments/x`, openAiUser, "99999999-0000-4000-8000-000000000002");
    expect(roles(await opened.plan(gateway({ roles: "manage" })))).toHaveLength(2);
  });

  it("leaves what another spec has given to that spec", async () => {
    const opened = await project();
    await opened.apply(gateway({ roles: "manage" }));
    const other = gateway({ roles: "manage", name: "team-b", apis: {}, pools: {} });
    const backends = other["backends"] as Record<string, unknown>;
    const planned = await opened.plan({ ...other, backends: { b: backends["swc"] } });
    expect(actions(planned)).toEqual(["create backend b"]);
  });

  it.each([
    ["Cognitive Services Contributor", contributor],
    ["a97b65f3-24c7-4388-baec-2e87135dc908", "a97b65f3-24c7-4388-baec-2e87135dc908"],
  ])("finds the role %s", async (role, id) => {
    const opened = await project();
    await opened.apply(gateway({ roles: { mode: "manage", role } }));
    const [first] = await assignments(opened);
    expect(JSON.stringify(first)).toContain(id);
  });

  it("refuses a role that is not there", async () => {
    const opened = await project();
    const role = "Cognitive Services OpenAI Usr";
    await expect(opened.plan(gateway({ roles: { mode: "manage", role } }))).rejects.toMatchObject({
      code: "PLAN.UNKNOWN_ROLE",
      remedy: "did you mean `Cognitive Services OpenAI User`?",
    });
  });

  it("waits for an identity that is not known everywhere yet", async () => {
    let refusals = 3;
    const opened = await project(({ method, path }) => {
      if (method !== "PUT" || !path.includes("roleAssignments") || refusals === 0) return undefined;
      refusals -= 1;
      return {
        status: 400,
        code: "PrincipalNotFound",
        message: "Principal does not exist in the directory.",
      };
    });
    const { summary, failures } = await opened.applyPlanned(await opened.plan(gateway({ roles: "manage" })));
    expect(failures).toEqual([]);
    expect(summary.retried).toEqual({ "the identity is not known everywhere yet (400)": 3 });
  });

  it("skips the policies when the role cannot be given", async () => {
    const opened = await project(({ method, path }) =>
      method === "PUT" && path.includes("roleAssignments")
        ? { status: 403, code: "AuthorizationFailed", message: "No authorization." }
        : undefined,
    );
    const { events, failures } = await opened.applyPlanned(await opened.plan(gateway({ roles: "manage" })));
    expect(failures).toHaveLength(2);
    const skipped = events.flatMap((event) => (event.event === "step-skipped" ? [event.path] : []));
    expect(skipped).toEqual(["apis/ai/operations/Chat/policies/policy"]);
    const failed = events.find((event) => event.event === "step-failed");
    expect(failed).toMatchObject({ code: "SERVICE.FORBIDDEN" });
    expect(JSON.stringify(failed)).toContain("Role Based Access Control Administrator");
  });

  it("fails without the identity, says which, and how to switch it on", async () => {
    const opened = await project();
    await setIdentity(opened, { type: "None" });
    await expect(opened.plan(gateway({ roles: "manage" }))).rejects.toMatchObject({
      code: "PLAN.NO_IDENTITY",
      message: "contoso-apim has no system-assigned identity",
      remedy: expect.stringContaining("--enable-managed-identity true") as string,
    });
    await expect(opened.plan(gateway({ roles: "manage", identity: { clientId } }))).rejects.toMatchObject({
      code: "PLAN.NO_IDENTITY",
      message: `contoso-apim does not have the identity with the client id ${clientId}`,
    });
  });

  it("fails with the place of an account that is not there", async () => {
    const opened = await project();
    await send(opened, "DELETE", eus);
    const failure = await opened.plan(gateway({ roles: "manage" })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: "PLAN.NO_ACCOUNT", problems: [{ rule: "account-missing" }] });
  });

  it("fails when roles cannot be read", async () => {
    const opened = await project(forbidding(/accounts\/[^/]+\/providers\/Microsoft.Authorization/));
    await expect(opened.plan(gateway({ roles: "manage" }))).rejects.toMatchObject({
      code: "SERVICE.FORBIDDEN",
    });
  });

  it("says that it cannot look for what has left the spec", async () => {
    const opened = await project(forbidding(/^\/subscriptions\/[^/]+\/providers\/Microsoft.Authorization/));
    const planned = await opened.plan(gateway({ roles: "manage" }));
    expect(roles(planned)).toHaveLength(2);
    expect(notes(planned)).toEqual([
      expect.stringContaining("roles that have left the spec could not be looked for"),
    ]);
  });

  it("is bound by a saved plan: what somebody gives meanwhile is noticed", async () => {
    const opened = await project();
    const planned = await opened.plan(gateway({ roles: "manage" }));
    const saved = { ...planBasis(planned), digest: planned.plan.digest, changes: planned.plan.changes };
    expect(() => requireSameBasis(saved, planned)).not.toThrow();
    await assign(opened, swc, openAiUser, "99999999-0000-4000-8000-000000000001");
    const now = await opened.plan(gateway({ roles: "manage" }));
    expect(() => requireSameBasis(saved, now)).toThrow(/no longer needs create/);
  });
});

function forbidding(path: RegExp): (request: FaultRequest) => Fault | undefined {
  return (request) =>
    path.test(request.path)
      ? { status: 403, code: "AuthorizationFailed", message: "No authorization." }
      : undefined;
}

describe("roles: check", () => {
  it("is the default, changes nothing and says what is missing", async () => {
    const opened = await project();
    const planned = await opened.plan(gateway());
    expect(roles(planned)).toEqual([]);
    const principalId = await principal(opened);
    expect(notes(planned)).toEqual([
      expect.stringContaining(`${eus}: the system-assigned identity of contoso-apim lacks the role`),
      expect.stringContaining(
        `az role assignment create --assignee-object-id ${principalId} --assignee-principal-type ServicePrincipal --role "Cognitive Services OpenAI User" --scope ${swc}`,
      ),
    ]);
    await opened.applyPlanned(planned);
    expect(await assignments(opened)).toEqual([]);
    await assign(opened, group, openAiUser, "99999999-0000-4000-8000-000000000001");
    expect(notes(await opened.plan(gateway()))).toEqual([]);
  });

  it("leaves what was given while it was managed", async () => {
    const opened = await project();
    await opened.apply(gateway({ roles: "manage" }));
    expect(actions(await opened.plan(gateway({ roles: "check" })))).toEqual([]);
  });

  it.each([
    ["no identity", undefined, { type: "None" }, "contoso-apim has no system-assigned identity"],
    ["no right to read roles", /roleAssignments/, undefined, "its roles could not be checked: cannot read"],
    [
      "no right to read the service",
      /^$/,
      undefined,
      "its roles could not be checked: cannot read the service",
    ],
  ])("only says so with %s", async (_, forbidden, identity, said) => {
    const opened = await project(forbidden === undefined ? undefined : forbidding(forbidden));
    if (identity !== undefined) await setIdentity(opened, identity);
    const planned = await opened.plan(gateway());
    expect(notes(planned)[0]).toContain(said);
    expect(planned.plan.summary.create).toBeGreaterThan(0);
  });

  it("only says so when an account is not there", async () => {
    const opened = await project();
    await send(opened, "DELETE", eus);
    expect(notes(await opened.plan(gateway()))).toContain(
      `${eus}: there is no account ${eus}: correct \`account\``,
    );
  });
});

describe("destroy", () => {
  it.each(["manage", "check"])(
    "takes away what was given, also when the spec says %s by then",
    async (mode) => {
      const opened = await project();
      await assign(opened, group, contributor, "99999999-0000-4000-8000-000000000001");
      await opened.apply(gateway({ roles: "manage" }));
      const planned = await opened.planDestroy(undefined, undefined, await wantedByOwner(mode));
      expect(roles(planned)).toEqual([
        "delete roleAssignment contoso-eus",
        "delete roleAssignment contoso-swc",
      ]);
      const { events, failures } = await opened.applyPlanned(planned);
      expect(failures).toEqual([]);
      expect(await assignments(opened)).toHaveLength(1);
      const finished = events.flatMap((event) => (event.event === "step-finished" ? [event.kind] : []));
      expect(finished.lastIndexOf("policy")).toBeLessThan(finished.indexOf("roleAssignment"));
    },
  );

  it("does not look with roles: ignore", async () => {
    expect(await wantedByOwner("ignore")).toBeUndefined();
  });
});

describe("without a look at roles", () => {
  it.each([
    ["roles: ignore", gateway({ roles: "ignore" })],
    [
      "no account",
      gateway({ backends: { swc: { url: "https://a.example" }, eus: { url: "https://b.example" } } }),
    ],
  ])("%s", async (_, spec) => {
    const asked: string[] = [];
    const opened = await project(({ path }) => {
      asked.push(path);
      return undefined;
    });
    await opened.plan(spec);
    expect(asked.filter((path) => path === "" || path.startsWith("/"))).toEqual([]);
    expect(asked).not.toEqual([]);
  });
});
