/** Policies that let calls in or refuse them. */
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { addressNumber } from "../../../src/core/gateway/policies/ip-filter.ts";
import { callGateway, headersOf, policyXml } from "./call-gateway.ts";
import type { GatewayCase, RequestCase } from "./call-gateway.ts";

/** A gateway whose API has these sections. */
const api = (sections: Parameters<typeof policyXml>[0], more: GatewayCase = {}): GatewayCase => ({
  ...more,
  policies: { "apis/ai": policyXml(sections) },
});

describe("checks", () => {
  it.each([
    {
      name: "an address that is allowed",
      xml: '<ip-filter action="allow"><address>203.0.113.7</address></ip-filter>',
      status: 200,
    },
    {
      name: "a range that is allowed",
      xml: '<ip-filter action="allow"><address-range from="203.0.113.0" to="203.0.113.9" /></ip-filter>',
      status: 200,
    },
    {
      name: "an address that is not",
      xml: '<ip-filter action="allow"><address>203.0.113.8</address></ip-filter>',
      status: 403,
    },
    {
      name: "an address that is forbidden",
      xml: '<ip-filter action="forbid"><address>203.0.113.7</address></ip-filter>',
      status: 403,
    },
    {
      name: "a header that is there",
      xml: '<check-header name="X-Key" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="true" />',
      status: 200,
    },
    {
      name: "a value in other case",
      xml: '<check-header name="X-Key" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="true"><value>ABC</value></check-header>',
      status: 200,
    },
    {
      name: "a value that is not",
      xml: '<check-header name="X-Key" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="false"><value>ABC</value></check-header>',
      status: 403,
    },
    {
      name: "a header that is missing",
      xml: '<check-header name="X-Other" failed-check-httpcode="418" failed-check-error-message="no" ignore-case="false" />',
      status: 418,
    },
  ])("$name", ({ xml, status }) => {
    expect(callGateway(api({ inbound: xml }), { headers: { "x-key": "abc" } }).answer.status).toBe(status);
  });

  it("answers with the message of check-header", () => {
    const xml =
      '<check-header name="X" failed-check-httpcode="401" failed-check-error-message="Who are you?" ignore-case="false" />';
    expect(callGateway(api({ inbound: xml })).body).toBe('{ "statusCode": 401, "message": "Who are you?" }');
  });

  it.each([
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8::1", "2001:0db8:0:0:0:0:0:1"],
  ])("takes %s and %s for one address", (a, b) => {
    expect(addressNumber(a)).toBe(addressNumber(b));
  });

  it.each(["256.1.1.1", "1:2:3", "a::b::c", "text", ""])("takes %s for none", (text) => {
    expect(addressNumber(text)).toBeUndefined();
  });
});

describe("cors", () => {
  const gateway = api(
    {
      inbound:
        '<cors allow-credentials="true"><allowed-origins><origin>https://app.test</origin></allowed-origins><allowed-methods preflight-result-max-age="300"><method>POST</method></allowed-methods><allowed-headers><header>*</header></allowed-headers><expose-headers><header>x-ms-region</header></expose-headers></cors>',
    },
    { api: { subscriptionRequired: true } },
  );
  const preflight = (origin: string): RequestCase => ({
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "api-key",
    },
  });

  it("answers a preflight request, which has no key", () => {
    const { answer, sent } = callGateway(gateway, preflight("https://app.test"));
    expect([answer.status, sent.length]).toEqual([200, 0]);
    expect(headersOf(answer.headers)).toEqual({
      "Access-Control-Allow-Origin": "https://app.test",
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Allow-Methods": "POST",
      "Access-Control-Allow-Headers": "api-key",
      "Access-Control-Max-Age": "300",
    });
    expect(headersOf(callGateway(gateway, preflight("https://other.test")).answer.headers)).toEqual({});
  });

  it("is no way around the key, nor a method where there is no policy for it", () => {
    expect(
      callGateway({ api: { subscriptionRequired: true } }, preflight("https://app.test")).answer.status,
    ).toBe(404);
    expect(callGateway(gateway, { headers: { Origin: "https://app.test" } }).answer.status).toBe(401);
  });

  it("adds headers to the answer", () => {
    const { answer } = callGateway({ ...gateway, api: {} }, { headers: { Origin: "https://app.test" } });
    expect(headersOf(answer.headers)).toMatchObject({
      "Access-Control-Allow-Origin": "https://app.test",
      "Access-Control-Expose-Headers": "x-ms-region",
    });
  });
});

describe("authentication", () => {
  it.each([
    ["basic", '<authentication-basic username="u" password="p" />', "Basic dTpw"],
    [
      "a managed identity",
      '<authentication-managed-identity resource="https://cognitiveservices.azure.com/" />',
      "Bearer apimgw.local.cognitiveservices.azure.com",
    ],
  ])("%s", (_, xml, expected) => {
    expect(callGateway(api({ inbound: xml })).sent[0]?.headers["Authorization"]).toBe(expected);
  });

  it("puts a token into a variable instead of the header", () => {
    const xml =
      '<authentication-managed-identity resource="https://x.test" output-token-variable-name="t" />';
    expect(callGateway(api({ inbound: xml })).sent[0]?.headers["Authorization"]).toBeUndefined();
  });
});

describe("validate-jwt", () => {
  const secret = Buffer.from("0123456789abcdef0123456789abcdef");
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (claims: object, key = secret): string => {
    const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  };
  const exp = Date.UTC(2025, 0, 1, 13) / 1000;
  const xml = `<validate-jwt header-name="Authorization" require-scheme="Bearer">
    <issuer-signing-keys><key>${secret.toString("base64")}</key></issuer-signing-keys>
    <audiences><audience>api</audience></audiences>
    <required-claims><claim name="roles" match="any"><value>reader</value><value>writer</value></claim></required-claims>
  </validate-jwt>`;
  const good = { exp, aud: "api", roles: ["writer"] };

  it.each([
    { name: "a good token", authorization: `Bearer ${token(good)}`, reason: undefined },
    { name: "none", authorization: undefined, reason: "TokenNotPresent" },
    { name: "another scheme", authorization: `Basic ${token(good)}`, reason: "TokenNotPresent" },
    { name: "no token", authorization: "Bearer text", reason: "JwtInvalid" },
    {
      name: "another key",
      authorization: `Bearer ${token(good, Buffer.from("x"))}`,
      reason: "TokenSignatureInvalid",
    },
    {
      name: "an old one",
      authorization: `Bearer ${token({ ...good, exp: exp - 3600 })}`,
      reason: "TokenExpired",
    },
    {
      name: "one without expiry",
      authorization: `Bearer ${token({ aud: "api" })}`,
      reason: "TokenClaimNotFound",
    },
    {
      name: "another audience",
      authorization: `Bearer ${token({ ...good, aud: ["a", "b"] })}`,
      reason: "TokenAudienceNotAllowed",
    },
    {
      name: "a claim that is missing",
      authorization: `Bearer ${token({ exp, aud: "api" })}`,
      reason: "TokenClaimNotFound",
    },
    {
      name: "a claim with other values",
      authorization: `Bearer ${token({ ...good, roles: ["guest"] })}`,
      reason: "TokenClaimValueNotAllowed",
    },
  ])("$name: $reason", ({ authorization, reason }) => {
    const headers: Record<string, string> =
      authorization === undefined ? {} : { Authorization: authorization };
    const { answer } = callGateway(api({ inbound: xml }), { headers });
    expect([answer.status, answer.error?.reason]).toEqual([reason === undefined ? 200 : 401, reason]);
  });

  it("validate-azure-ad-token: tenant and application", () => {
    const inbound =
      '<validate-azure-ad-token tenant-id="t"><client-application-ids><application-id>app</application-id></client-application-ids></validate-azure-ad-token>';
    const statusOf = (claims: object) =>
      callGateway(api({ inbound }), { headers: { Authorization: `Bearer ${token(claims)}` } }).answer.status;
    expect(
      [
        { exp, tid: "t", appid: "app" },
        { exp, tid: "u", appid: "app" },
        { exp, tid: "t", azp: "other" },
      ].map(statusOf),
    ).toEqual([200, 401, 401]);
  });
});
