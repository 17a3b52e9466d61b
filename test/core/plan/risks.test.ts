import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import type { Change } from "../../../src/core/plan/plan.ts";
import { planRisks } from "../../../src/core/plan/risks.ts";
import { change } from "../../report/plan-examples.ts";

const body = (properties: JsonObject): JsonObject => ({ properties });
const document = (inbound: string): JsonObject =>
  body({
    value: `<policies><inbound>${inbound}</inbound><backend><base /></backend><outbound /><on-error /></policies>`,
  });

/** `id kind`, for every risk of a plan with these changes. */
function risks(...changes: readonly Change[]): string[] {
  return [...planRisks({ changes })].flatMap(([{ id }, found]) => found.map(({ kind }) => `${id} ${kind}`));
}

function update(kind: Change["kind"], before: JsonObject, after: JsonObject, more: Partial<Change> = {}) {
  const edits = [{ path: "x", before: 1, after: 2 }];
  return change({ action: "update", kind, id: "x", before, after, edits, ...more });
}

const apiDocument = { kind: "policy", id: "a", path: "apis/a/policies/policy" } as const;
const operationDocument = {
  kind: "policy",
  id: "a/Chat",
  path: "apis/a/operations/Chat/policies/policy",
} as const;
const answer = "<return-response><set-status code='400' /></return-response>";
const denyBut = (...ids: string[]): string =>
  `<base /><choose><when condition="@(!new [] { ${ids.map((id) => `"${id}"`).join(", ")} }.Contains(context.Operation.Id))">${answer}</when></choose>`;

describe("what a policy document no longer does", () => {
  it.each<[string, string, string, string[]]>([
    ["the denial of everything goes", answer, "<base />", ["denial-removed"]],
    ["the denial of what is not listed goes", denyBut("Chat"), "<base />", ["denial-removed"]],
    ["another operation is listed", denyBut("Chat"), denyBut("Chat", "Images"), ["operation-opened"]],
    ["an operation is no longer listed", denyBut("Chat", "Images"), denyBut("Chat"), []],
    ["the answer changes", answer, answer.replace("400", "404"), []],
    [
      "a check of the token goes",
      "<base /><validate-jwt header-name='a' />",
      "<base />",
      ["protection-lost"],
    ],
    ["one check of the token replaces another", "<validate-jwt />", "<validate-azure-ad-token />", []],
    ["an address filter goes", "<ip-filter action='allow' />", "", ["protection-lost"]],
    ["a header is no longer checked", "<check-header name='a' />", "", ["protection-lost"]],
    ["content is no longer checked", "<validate-content />", "", ["protection-lost"]],
    ["one of two limits goes", "<rate-limit /><rate-limit-by-key />", "<rate-limit />", ["protection-lost"]],
    ["a limit gets a key", "<rate-limit />", "<rate-limit-by-key />", []],
    [
      "more calls",
      "<rate-limit calls='5' renewal-period='60' />",
      "<rate-limit calls='6' renewal-period='60' />",
      ["limit-raised"],
    ],
    [
      "fewer calls",
      "<rate-limit calls='6' renewal-period='60' />",
      "<rate-limit calls='5' renewal-period='60' />",
      [],
    ],
    [
      "more calls at once, no more in the long run",
      "<rate-limit calls='5' renewal-period='60' />",
      "<rate-limit calls='50' renewal-period='600' />",
      ["limit-raised"],
    ],
    [
      "as many calls in a shorter time",
      "<rate-limit calls='5' renewal-period='60' />",
      "<rate-limit calls='5' renewal-period='30' />",
      ["limit-raised"],
    ],
    [
      "so many fewer that a shorter time makes no more",
      "<rate-limit calls='100' renewal-period='60' />",
      "<rate-limit calls='10' renewal-period='10' />",
      [],
    ],
    [
      "a rate limit that another policy raises",
      "<rate-limit calls='5' renewal-period='60' />",
      "<rate-limit-by-key calls='9' renewal-period='60' counter-key='subscription' />",
      ["limit-raised"],
    ],
    [
      "another key",
      "<rate-limit-by-key calls='5' renewal-period='60' counter-key='a' />",
      "<rate-limit-by-key calls='5' renewal-period='60' counter-key='b' />",
      ["limit-raised"],
    ],
    [
      "only some calls count",
      "<rate-limit-by-key calls='5' renewal-period='60' counter-key='a' />",
      "<rate-limit-by-key calls='5' renewal-period='60' counter-key='a' increment-condition='@(false)' />",
      ["limit-raised"],
    ],
    [
      "a limit of one API is raised",
      "<rate-limit calls='9' renewal-period='60'><api id='a' calls='1' renewal-period='60' /></rate-limit>",
      "<rate-limit calls='9' renewal-period='60'><api id='a' calls='2' renewal-period='60' /></rate-limit>",
      ["limit-raised"],
    ],
    [
      "a limit of one API goes",
      "<rate-limit calls='9' renewal-period='60'><api id='a' calls='1' renewal-period='60' /></rate-limit>",
      "<rate-limit calls='9' renewal-period='60' />",
      ["limit-raised"],
    ],
    [
      "a limit of one API comes",
      "<rate-limit calls='9' renewal-period='60' />",
      "<rate-limit calls='9' renewal-period='60'><api id='a' calls='1' renewal-period='60' /></rate-limit>",
      [],
    ],
    [
      "a quota that never renewed does",
      "<quota calls='5' renewal-period='0' />",
      "<quota calls='5' renewal-period='3600' />",
      ["limit-raised"],
    ],
    [
      "a quota that renewed does not",
      "<quota calls='5' renewal-period='3600' />",
      "<quota calls='5' renewal-period='0' />",
      [],
    ],
    [
      "a quota of bandwidth goes",
      "<quota calls='5' bandwidth='9' renewal-period='60' />",
      "<quota calls='5' renewal-period='60' />",
      ["limit-raised"],
    ],
    [
      "more tokens a minute",
      "<llm-token-limit counter-key='a' tokens-per-minute='100' />",
      "<azure-openai-token-limit counter-key='a' tokens-per-minute='200' />",
      ["limit-raised"],
    ],
    [
      "a token quota by the week and no longer by the month",
      "<llm-token-limit counter-key='a' token-quota='100' token-quota-period='Monthly' />",
      "<llm-token-limit counter-key='a' token-quota='100' token-quota-period='Weekly' />",
      ["limit-raised"],
    ],
    [
      "prompts are no longer estimated",
      "<llm-token-limit counter-key='a' tokens-per-minute='9' estimate-prompt-tokens='true' />",
      "<llm-token-limit counter-key='a' tokens-per-minute='9' estimate-prompt-tokens='false' />",
      ["limit-raised"],
    ],
    [
      "more calls at once",
      "<limit-concurrency key='a' max-count='3'><wait /></limit-concurrency>",
      "<limit-concurrency key='a' max-count='4'><wait /></limit-concurrency>",
      ["limit-raised"],
    ],
    [
      "another expression",
      "<rate-limit-by-key calls='@(1)' renewal-period='60' counter-key='a' />",
      "<rate-limit-by-key calls='@(2)' renewal-period='60' counter-key='a' />",
      ["limit-raised"],
    ],
    [
      "a limit gets a condition",
      "<quota calls='5' renewal-period='60' />",
      "<choose><when condition='@(true)'><quota calls='5' renewal-period='60' /></when></choose>",
      ["limit-raised"],
    ],
    [
      "a limit gets another condition",
      "<choose><when condition='@(true)'><quota calls='5' renewal-period='60' /></when></choose>",
      "<choose><otherwise><quota calls='5' renewal-period='60' /></otherwise></choose>",
      ["limit-raised"],
    ],
    [
      "a limit loses its condition",
      "<choose><when condition='@(true)'><quota calls='5' renewal-period='60' /></when></choose>",
      "<quota calls='5' renewal-period='60' />",
      [],
    ],
    [
      "two limits change places",
      "<rate-limit calls='5' renewal-period='60' /><rate-limit calls='50' renewal-period='600' />",
      "<rate-limit calls='50' renewal-period='600' /><rate-limit calls='5' renewal-period='60' />",
      [],
    ],
    [
      "a limit comes before another one",
      "<rate-limit-by-key calls='5' renewal-period='60' counter-key='a' />",
      "<rate-limit-by-key calls='9' renewal-period='60' counter-key='b' /><rate-limit-by-key calls='5' renewal-period='60' counter-key='a' />",
      [],
    ],
    [
      "another header",
      "<rate-limit calls='5' renewal-period='60' />",
      "<rate-limit calls='5' renewal-period='60' retry-after-header-name='x' />",
      [],
    ],
    ["a token limit goes", "<llm-token-limit />", "", ["protection-lost"]],
    ["a token limit gets its new name", "<azure-openai-token-limit />", "<llm-token-limit />", []],
    [
      "a limit inside a condition goes",
      "<choose><when condition='@(true)'><quota /></when></choose>",
      "",
      ["protection-lost"],
    ],
    ["a fragment is no longer included", "<include-fragment fragment-id='audit' />", "", ["protection-lost"]],
    ["inheritance is cut off", "<base />", "", ["inheritance-cut"]],
    ["a basic sign-in goes", "<authentication-basic username='a' password='b' />", "", ["protection-lost"]],
    ["the identity goes", "<authentication-managed-identity resource='r' />", "", ["identity-changed"]],
    [
      "the identity is for another resource",
      "<authentication-managed-identity resource='r' />",
      "<authentication-managed-identity resource='s' />",
      ["identity-changed"],
    ],
    [
      "the identity is another client's",
      "<authentication-managed-identity resource='r' client-id='1' />",
      "<authentication-managed-identity resource='r' />",
      ["identity-changed"],
    ],
    ["an identity is new", "", "<authentication-managed-identity resource='r' />", []],
    [
      "something else changes",
      "<set-variable name='a' value='1' />",
      "<set-variable name='a' value='2' />",
      [],
    ],
    ["the text cannot be read", "<base></inbound>", "<base />", []],
  ])("%s", (_, before, after, expected) => {
    const changed = change({
      ...apiDocument,
      action: "update",
      before: document(before),
      after: document(after),
    });
    expect(risks(changed)).toEqual(expected.map((kind) => `a ${kind}`));
  });

  it("is said of an adopted document too, and of a fragment", () => {
    const adopted = change({
      ...apiDocument,
      action: "adopt",
      before: document(answer),
      after: document(""),
    });
    expect(risks(adopted)).toEqual(["a denial-removed"]);
    const before = body({ value: "<fragment><ip-filter action='allow' /></fragment>" });
    expect(risks(update("fragment", before, body({ value: "<fragment />" })))).toEqual(["x protection-lost"]);
  });
});

describe("an operation", () => {
  const opened = change({ ...operationDocument, action: "create", after: document("") });

  it("is opened by a document that was not there", () => {
    expect(risks(opened)).toEqual(["a/Chat operation-opened"]);
  });

  it("is not opened in an API that is new, or had no document", () => {
    const api = change({ action: "create", kind: "api", id: "a", path: "apis/a" });
    expect(risks(api, opened)).toEqual([]);
    expect(risks(change({ ...apiDocument, action: "create", after: document(answer) }), opened)).toEqual([]);
  });

  it("is told of once when the API's document lists it too", () => {
    const sides = { before: document(denyBut("Text")), after: document(denyBut("Chat", "Text")) };
    const api = change({ ...apiDocument, action: "update", ...sides });
    expect(risks(api, opened)).toEqual(["a operation-opened"]);
  });

  it("is opened when its own denial goes", () => {
    const sides = { before: document(answer), after: document("<base />") };
    expect(risks(change({ ...operationDocument, action: "update", ...sides }))).toEqual([
      "a/Chat denial-removed",
    ]);
  });
});

describe("what is deleted", () => {
  it("is a risk each", () => {
    const gone = change({ action: "delete", kind: "backend", id: "old", before: body({}) });
    expect(risks(gone)).toEqual(["old delete"]);
  });

  it("opens an API when it was its denial and the API stays", () => {
    const gone = change({ ...apiDocument, action: "delete", before: document(answer) });
    const api = change({ action: "delete", kind: "api", id: "a", path: "apis/a" });
    expect(risks(gone)).toEqual(["a delete", "a denial-removed"]);
    expect(risks(gone, api)).toEqual(["a delete", "a delete"]);
  });
});

describe("a document with limits that is deleted", () => {
  const before = document(
    "<llm-token-limit counter-key='a' tokens-per-minute='5' /><ip-filter action='allow' />",
  );
  const gone = change({
    action: "delete",
    kind: "policy",
    id: "team",
    path: "products/team/policies/policy",
    before,
  });

  it("takes them away, unless what it was for is deleted too", () => {
    expect(risks(gone)).toEqual(["team delete", "team protection-lost", "team protection-lost"]);
    const product = change({ action: "delete", kind: "product", id: "team", path: "products/team" });
    expect(risks(gone, product)).toEqual(["team delete", "team delete"]);
  });
});

describe("what a raised limit says", () => {
  it.each([
    [
      "<rate-limit calls='5' renewal-period='60' />",
      "<rate-limit calls='9' renewal-period='60' />",
      "a rate limit: 9 calls in 60 seconds instead of 5 calls in 60 seconds",
    ],
    [
      "<llm-token-limit counter-key='a' token-quota='5' token-quota-period='Daily' />",
      "<llm-token-limit counter-key='a' token-quota='6' token-quota-period='Daily' />",
      "a token limit: 6 tokens (Daily) instead of 5 tokens (Daily)",
    ],
    [
      "<limit-concurrency key='a' max-count='1' />",
      "<limit-concurrency key='a' max-count='2' />",
      "a limit of concurrency: 2 calls at once instead of 1 calls at once",
    ],
  ])("%s", (before, after, expected) => {
    const changed = change({
      ...apiDocument,
      action: "update",
      before: document(before),
      after: document(after),
    });
    expect([...planRisks({ changes: [changed] }).values()].flat().map(({ message }) => message)).toEqual([
      expected,
    ]);
  });
});

describe("what changes in other resources", () => {
  it.each<[string, Change, string[]]>([
    [
      "a named value",
      update("namedValue", body({ value: "1" }), body({ value: "2" })),
      ["named-value-changed"],
    ],
    [
      "a named value that was secret",
      update("namedValue", body({ secret: true }), body({ value: "2" })),
      ["named-value-changed", "secret-exposed"],
    ],
    [
      "a named value that becomes secret",
      update("namedValue", body({ value: "1" }), body({ secret: true })),
      ["named-value-changed"],
    ],
    [
      "a backend's host",
      update("backend", body({ url: "https://a/openai" }), body({ url: "https://b/openai" })),
      ["host-changed"],
    ],
    [
      "a backend's path only",
      update("backend", body({ url: "https://a/openai" }), body({ url: "https://a/" })),
      [],
    ],
    [
      "a breaker that goes",
      update("backend", body({ circuitBreaker: { rules: [] } }), body({})),
      ["breaker-removed"],
    ],
    [
      "a backend's credentials",
      update("backend", body({}), body({}), { edits: [{ path: "credentials.header", isSecret: true }] }),
      ["identity-changed"],
    ],
    [
      "a subscription that is no longer required",
      update("api", body({ subscriptionRequired: true }), body({ subscriptionRequired: false })),
      ["subscription-not-required"],
    ],
    [
      "one that is required by default",
      update("product", body({}), body({ subscriptionRequired: false })),
      ["subscription-not-required"],
    ],
    [
      "one that is required now",
      update("api", body({ subscriptionRequired: false }), body({ subscriptionRequired: true })),
      [],
    ],
    [
      "an API's service URL",
      update("api", body({ serviceUrl: "https://a" }), body({ serviceUrl: "https://b" })),
      ["host-changed"],
    ],
    ["a logger", update("logger", body({ a: 1 }), body({ a: 2 })), []],
    [
      "a new backend",
      change({ action: "create", kind: "backend", id: "x", after: body({ url: "https://a" }) }),
      [],
    ],
  ])("%s", (_, changed, expected) => {
    expect(risks(changed)).toEqual(expected.map((kind) => `x ${kind}`));
  });
});
