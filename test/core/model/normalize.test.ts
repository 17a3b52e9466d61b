import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { kinds } from "../../../src/core/model/kinds/index.ts";
import { markDescription, readDescription } from "../../../src/core/model/ownership.ts";
import type { Kind } from "../../../src/core/model/resource.ts";

/** Pairs that mean the same: what apimgw sends, and what the service returns for it. */
const same: { kind: Kind; name: string; sent: JsonObject; returned: JsonObject }[] = [
  {
    kind: "backend",
    name: "defaults, the mark, nulls, other spellings of a duration, the rule's name",
    sent: {
      type: "Single",
      protocol: "http",
      url: "https://a.example/openai",
      description: "[apimgw:team-a]",
      circuitBreaker: {
        rules: [{ name: "breaker", failureCondition: { count: 3, interval: "PT5M" }, tripDuration: "PT1M" }],
      },
    },
    returned: {
      title: null,
      description: "[apimgw:team-a]",
      url: "https://a.example/openai",
      protocol: "http",
      credentials: null,
      tls: { validateCertificateChain: true, validateCertificateName: true },
      circuitBreaker: {
        rules: [
          {
            tripDuration: "PT60S",
            acceptRetryAfter: false,
            name: "other",
            failureCondition: { interval: "PT300S", count: 3, errorReasons: [], statusCodeRanges: null },
          },
        ],
      },
    },
  },
  {
    kind: "diagnostic",
    name: "what it sends anyway, and the id in full",
    sent: {
      loggerId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/x/loggers/l",
      sampling: { samplingType: "fixed", percentage: 100 },
      verbosity: "information",
    },
    returned: { loggerId: "/loggers/l", sampling: null, verbosity: null, httpCorrelationProtocol: "Legacy" },
  },
  {
    kind: "pool",
    name: "the service's own spelling of member ids",
    sent: {
      type: "Pool",
      pool: {
        services: [
          {
            id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/x/backends/a",
            priority: 1,
          },
        ],
      },
    },
    returned: {
      type: "Pool",
      protocol: null,
      pool: {
        services: [
          {
            id: "/subscriptions/S/resourceGroups/RG/providers/Microsoft.ApiManagement/service/X/backends/a",
            priority: 1,
            weight: null,
          },
        ],
      },
    },
  },
  {
    kind: "namedValue",
    name: "secrets and the status of a Key Vault reference",
    sent: {
      displayName: "key",
      secret: true,
      keyVault: { secretIdentifier: "https://kv/secrets/k" },
      tags: ["apimgw:team-a"],
    },
    returned: {
      displayName: "key",
      secret: true,
      tags: ["apimgw:team-a"],
      keyVault: {
        secretIdentifier: "https://kv/secrets/k",
        lastStatus: { code: "Success", timeStampUtc: "2026-01-01" },
      },
      provisioningState: "Succeeded",
    },
  },
  {
    kind: "logger",
    name: "credentials that the service keeps to itself",
    sent: {
      loggerType: "applicationInsights",
      credentials: { connectionString: "InstrumentationKey=1" },
      description: "[apimgw:a]",
    },
    returned: {
      loggerType: "applicationInsights",
      isBuffered: true,
      credentials: { connectionString: "{{Logger-Credentials--0123456789abcdef01234567}}" },
      description: "[apimgw:a]",
    },
  },
];

const different: { kind: Kind; name: string; a: JsonObject; b: JsonObject }[] = [
  { kind: "backend", name: "a URL", a: { url: "https://a" }, b: { url: "https://b" } },
  {
    kind: "backend",
    name: "credentials that somebody added by hand",
    a: { url: "https://a" },
    b: { url: "https://a", credentials: { header: { "api-key": ["0123"] } } },
  },
  { kind: "pool", name: "a member's weight", a: poolOf(1), b: poolOf(2) },
  {
    kind: "namedValue",
    name: "a plain value",
    a: { displayName: "x", value: "1" },
    b: { displayName: "x", value: "2" },
  },
  {
    kind: "namedValue",
    name: "plain to secret",
    a: { displayName: "x", value: "1" },
    b: { displayName: "x", secret: true },
  },
  {
    kind: "logger",
    name: "the named value that holds the credentials",
    a: { loggerType: "applicationInsights", credentials: { connectionString: "{{a}}" } },
    b: { loggerType: "applicationInsights", credentials: { connectionString: "{{b}}" } },
  },
];

function poolOf(weight: number): JsonObject {
  return { type: "Pool", pool: { services: [{ id: "/backends/a", weight }] } };
}

describe("normalize", () => {
  for (const { kind, name, sent, returned } of same) {
    it(`${kind}: takes no notice of ${name}`, () => {
      expect(kinds[kind].normalize(returned)).toEqual(kinds[kind].normalize(sent));
    });
  }
  for (const { kind, name, a, b } of different) {
    it(`${kind}: sees ${name}`, () => {
      expect(kinds[kind].normalize(a)).not.toEqual(kinds[kind].normalize(b));
    });
  }

  it("never shows credentials that stand on a backend", () => {
    const normal = kinds.backend.normalize({
      url: "https://a",
      credentials: { header: { "api-key": ["0123"] } },
    });
    expect(JSON.stringify(normal)).not.toContain("0123");
  });
});

describe("the mark in a description", () => {
  const marks = [
    { text: undefined, mark: { owner: "a" }, description: "[apimgw:a]" },
    { text: "For chat", mark: { owner: "team.a-1" }, description: "For chat [apimgw:team.a-1]" },
    { text: "x", mark: { owner: "a", openapi: "0123abcd" }, description: "x [apimgw:a openapi:0123abcd]" },
  ];
  for (const { text, mark, description } of marks) {
    it(`reads back ${description}`, () => {
      expect(markDescription(text, mark)).toBe(description);
      expect(readDescription(description)).toEqual({ text: text ?? "", mark });
    });
  }
  it("is not seen in the middle of a text", () => {
    expect(readDescription("[apimgw:a] is our tool")).toEqual({ text: "[apimgw:a] is our tool" });
  });
});
