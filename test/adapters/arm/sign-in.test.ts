import {
  AggregateAuthenticationError,
  AuthenticationError,
  CredentialUnavailableError,
  type TokenCredential,
} from "@azure/identity";
import { afterEach, describe, expect, it } from "vitest";
import { createArmService } from "../../../src/adapters/arm/arm-service.ts";
import { armError, connect as connectTo, type Connected, failureOf } from "./fake-arm.ts";

const open: Connected[] = [];

async function connect(...given: Parameters<typeof connectTo>): Promise<Connected> {
  const connected = await connectTo(...given);
  open.push(connected);
  return connected;
}

afterEach(async () => {
  for (const { arm } of open.splice(0)) await arm.close();
});

function failing(error: Error): TokenCredential & { asked: number } {
  const credential = {
    asked: 0,
    getToken: () => {
      credential.asked += 1;
      return Promise.reject(error);
    },
  };
  return credential;
}

const unavailable = (message: string) => new CredentialUnavailableError(message);
const cliMissing = unavailable(
  "Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation instructions and then, once installed, authenticate to your Azure account using 'az login'.",
);
const cliSignedOut = unavailable(
  "Please run 'az login' from a command prompt to authenticate before using this credential.",
);
const environmentUnset = unavailable(
  "EnvironmentCredential is unavailable. No underlying credential could be used. To troubleshoot, visit https://aka.ms/x.",
);
const powershellMissing = unavailable(
  "Error: Unable to execute PowerShell. Ensure that it is installed in your system. To troubleshoot, visit https://aka.ms/x.",
);
const expired = unavailable(
  "ERROR: AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2026-01-01. Trace ID: 1-2-3",
);

describe("sign-in that fails", () => {
  it.each<[string, Error, string]>([
    [
      "nothing set up",
      new AggregateAuthenticationError([environmentUnset, powershellMissing], "chain failed"),
      "no way to sign in is set up here",
    ],
    [
      "no Azure CLI",
      new AggregateAuthenticationError([environmentUnset, cliMissing], "chain failed"),
      "no way to sign in is set up here; the Azure CLI is not installed",
    ],
    [
      "az login missing",
      new AggregateAuthenticationError([environmentUnset, cliSignedOut], "chain failed"),
      "no way to sign in is set up here; the Azure CLI is not signed in",
    ],
    [
      "expired az login",
      new AggregateAuthenticationError([environmentUnset, expired], "chain failed"),
      "no way to sign in is set up here; ERROR: AADSTS700082: The refresh token has expired due to inactivity",
    ],
    [
      "one credential that is not there",
      cliSignedOut,
      "Please run 'az login' from a command prompt to authenticate before using this credential",
    ],
    [
      "a wrong client secret",
      new AuthenticationError(401, {
        error: "invalid_client",
        error_description:
          "AADSTS7000215: Invalid client secret provided. Ensure more. Trace ID: 1 Correlation ID: 2",
      }),
      "AADSTS7000215: Invalid client secret provided",
    ],
    [
      "no way to the sign-in service",
      new AuthenticationError(400, {
        error: "x",
        error_description: "network_error: See https://aka.ms/msal.js.errors#network_error for details",
      }),
      "the sign-in service cannot be reached; check the network, HTTPS_PROXY and NO_PROXY",
    ],
  ])("is explained in a line: %s", async (_, error, why) => {
    const { service, arm } = await connect([], { internals: { credential: failing(error) } });
    const failure = await failureOf(service.get("backends/x"));
    expect(failure).toMatchObject({ code: "SERVICE.UNAUTHORIZED", message: "cannot sign in to Azure", why });
    expect(failure.remedy).toMatch(/az login.*workload identity.*APIMGW_ACCESS_TOKEN/);
    expect(arm.received).toEqual([]);
  });

  it("is not tried again for each of many reads", async () => {
    const credential = failing(cliSignedOut);
    const { service } = await connect([], { internals: { credential } });
    const reads = Array.from({ length: 100 }, (_, index) => failureOf(service.get(`backends/b${index}`)));
    const codes = (await Promise.all(reads)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(["SERVICE.UNAUTHORIZED"]));
    expect(credential.asked).toBeLessThanOrEqual(32);
  });

  it("ends when it is interrupted", async () => {
    const stop = new AbortController();
    const credential = {
      getToken: () => {
        setImmediate(() => stop.abort(new Error("interrupted")));
        return new Promise<never>(() => undefined);
      },
    };
    const { service } = await connect([], { signal: stop.signal, internals: { credential } });
    await expect(service.get("backends/x")).rejects.toThrow("interrupted");
  });
});

describe("tokens", () => {
  const json = { name: "x", properties: {} };

  it("sends what the credential gives", async () => {
    const credential = {
      getToken: () => Promise.resolve({ token: "from-chain", expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const { service, arm } = await connect([{ json }], { internals: { credential } });
    await service.get("backends/x");
    expect(arm.received[0]!.headers.authorization).toBe("Bearer from-chain");
  });

  it.each([
    ["the given token, trimmed", { token: " given\r\n" }, "Bearer given"],
    ["a meaningless one to the local APIM", { isLocal: true, token: "given" }, "Bearer local"],
    ["a meaningless one over http without a given token", { token: undefined }, "Bearer local"],
    ["a meaningless one over http when the given token is empty", { token: "" }, "Bearer local"],
  ])("sends %s", async (_, options, authorization) => {
    const { service, arm } = await connect([{ json }], options);
    await service.get("backends/x");
    expect(arm.received[0]!.headers.authorization).toBe(authorization);
  });

  it.each(["Bearer abc.def", "abc\u0000def", "abcä"])(
    "refuses a token that cannot be one, without showing it: %j",
    async (token) => {
      const failure = await failureOf(connect([], { token }));
      expect(failure.code).toBe("SERVICE.UNAUTHORIZED");
      expect(JSON.stringify([failure.message, failure.why])).not.toContain("abc");
    },
  );

  it("takes a 401 for a token that has run out", async () => {
    const { service } = await connect([
      {
        status: 401,
        json: armError(
          "ExpiredAuthenticationToken",
          "The access token expiry UTC time is earlier than current UTC time.",
        ),
      },
    ]);
    expect(await failureOf(service.get("backends/x"))).toMatchObject({
      code: "SERVICE.UNAUTHORIZED",
      status: 401,
      remedy: expect.stringMatching(/APIMGW_ACCESS_TOKEN .* expired/) as unknown,
    });
  });
});

describe("title", () => {
  it.each([
    [{}, "contoso-apim (resource group rg-ai)"],
    [{ isLocal: true, localDirectory: ".apimgw/local" }, "contoso-apim (local APIM, .apimgw/local)"],
    [{ isLocal: true }, "contoso-apim (local APIM)"],
  ])("%o", async (options, title) => {
    const { service } = await connect([], options);
    expect(service.title).toBe(title);
    expect(service.ref.name).toBe("contoso-apim");
  });
});

describe("without the network", () => {
  it("is created without signing in", async () => {
    const { clock } = await connect([]);
    const service = await createArmService({
      service: { subscriptionId: "s", resourceGroup: "g", name: "n" },
      cloud: "AzureCloud",
      clock,
      userAgent: "apimgw/0.0.0",
    });
    expect(service.title).toBe("n (resource group g)");
  });
});
