import { afterEach, describe, expect, it } from "vitest";
import { connectionFailure } from "../../../src/adapters/arm/connection-failure.ts";
import { armError, connect as connectTo, type Connected, failureOf, type Reply } from "./fake-arm.ts";

const open: Connected[] = [];

async function connect(...given: Parameters<typeof connectTo>): Promise<Connected> {
  const connected = await connectTo(...given);
  open.push(connected);
  return connected;
}

afterEach(async () => {
  for (const { arm } of open.splice(0)) await arm.close();
});

describe("error answers", () => {
  it.each<[string, number, string, RegExp]>([
    ["400", 400, "SERVICE.REJECTED", /^$/],
    ["401", 401, "SERVICE.UNAUTHORIZED", /APIMGW_ACCESS_TOKEN/],
    ["403", 403, "SERVICE.FORBIDDEN", /API Management Service Contributor/],
    ["404", 404, "SERVICE.NOT_FOUND", /^$/],
    ["405", 405, "SERVICE.FAILED", /^$/],
    ["407", 407, "SERVICE.FAILED", /HTTPS_PROXY/],
    ["409", 409, "SERVICE.CONFLICT", /try again/],
    ["413", 413, "SERVICE.FAILED", /^$/],
    ["501", 501, "SERVICE.FAILED", /request id r-1/],
  ])("translates %s", async (_, status, code, remedy) => {
    const { service } = await connect([
      {
        status,
        json: armError("SomeCode", "Some text.\r\n  More of it."),
        headers: { "x-ms-request-id": "r-1" },
      },
    ]);
    const failure = await failureOf(service.put("backends/aoai", {}));
    expect(failure).toMatchObject({ code, status });
    expect(failure.message).toBe("cannot write `backends/aoai`: SomeCode: Some text. More of it.");
    expect(failure.remedy ?? "").toMatch(remedy);
  });

  it("keeps ARM's details, and says them as the cause", async () => {
    const message =
      "Error in element 'set-backend-service' on line 4, column 6: Backend with id 'x' could not be found.";
    const details = [
      { code: "ValidationError", target: "representation", message },
      { message: "second" },
      7,
    ];
    const { service } = await connect([
      {
        status: 400,
        json: armError("ValidationError", "One or more fields contain incorrect values:", details),
      },
    ]);
    const failure = await failureOf(service.put("apis/a/policies/policy", {}));
    expect(failure.details).toEqual([
      { code: "ValidationError", target: "representation", message },
      { message: "second" },
    ]);
    expect(failure.why).toBe(`${message}; second`);
  });

  it("advises about the pricing tier", async () => {
    const { service } = await connect([
      { status: 400, json: armError("MethodNotAllowedInPricingTier", "Not allowed.") },
    ]);
    expect(await failureOf(service.put("backends/x", {}))).toMatchObject({
      code: "SERVICE.REJECTED",
      remedy: expect.stringMatching(/pricing tier/) as unknown,
    });
  });

  it.each<[string, Reply, string]>([
    ["an error without the envelope", { status: 400, json: { code: "Bad", message: "text" } }, "Bad: text"],
    ["capital letters", { status: 400, json: { Message: "text", Code: "Bad" } }, "Bad: text"],
    [
      "an error in the message",
      { status: 400, json: armError("Outer", JSON.stringify(armError("Inner", "text"))) },
      "Inner: text",
    ],
    ["no message", { status: 400, json: { error: { code: "Bad" } } }, "Bad"],
    ["no code", { status: 400, json: { error: { message: "text" } } }, "HTTP 400: text"],
    ["plain text", { status: 400, text: "some\n text" }, "HTTP 400: some text"],
    [
      "an HTML page",
      { status: 400, text: "<!DOCTYPE html><html><head><title>Blocked\n by policy</title></head></html>" },
      'HTTP 400 with an HTML page "Blocked by policy"',
    ],
    [
      "an HTML page without a title",
      { status: 400, text: "<html><p>no</p></html>" },
      "HTTP 400 with an HTML page",
    ],
    ["nothing", { status: 400 }, "HTTP 400"],
    ["a JSON list", { status: 400, text: "[1]" }, "HTTP 400: [1]"],
    ["a redirect elsewhere", { status: 302, headers: { Location: "https://login.example/" } }, "HTTP 302"],
  ])("reads %s", async (_, reply, said) => {
    const { service } = await connect([reply]);
    expect((await failureOf(service.get("backends/x"))).message).toBe(`cannot read \`backends/x\`: ${said}`);
  });

  it.each<[string, Parameters<Connected["service"]["put"]>]>([
    [
      "a named value's",
      ["namedValues/key", { properties: { displayName: "key", value: 'hunter2 "quoted"', secret: true } }],
    ],
    [
      "a logger's",
      [
        "loggers/l",
        {
          properties: { loggerType: "azureEventHub", credentials: { connectionString: 'hunter2 "quoted"' } },
        },
      ],
    ],
    [
      "a backend's",
      ["backends/b", { properties: { credentials: { header: { "api-key": ['hunter2 "quoted"'] } } } }],
    ],
  ])("shows no secret: %s", async (_, [path, body]) => {
    const said = `value 'hunter2 "quoted"' is wrong; Authorization: Bearer abcdef123456 eyJhbGciOiJSUzI1.eyJhdWQiOiJo.sig`;
    const { service } = await connect([
      { status: 400, json: armError("ValidationError", said, [{ message: said }]) },
    ]);
    const failure = await failureOf(service.put(path, body));
    const shown = JSON.stringify([
      failure.message,
      failure.why,
      failure.remedy,
      failure.details,
      failure.stack,
    ]);
    expect(shown).toContain("(secret)");
    expect(shown).not.toMatch(/hunter2|abcdef123456|eyJ|secret-token/);
  });

  it("keeps a policy's text readable in messages", async () => {
    const { service } = await connect([
      { status: 400, json: armError("ValidationError", "near '<policies/>'") },
    ]);
    const failure = await failureOf(
      service.put("policies/policy", { properties: { format: "rawxml", value: "<policies/>" } }),
    );
    expect(failure.message).toContain("<policies/>");
  });
});

describe("no answer", () => {
  const request = { method: "PUT", url: "https://management.azure.com/x", path: "backends/x" } as const;

  it.each([
    ["ENOTFOUND", /host name is not known/, /NO_PROXY/],
    ["ECONNREFUSED", /nothing listens there/, /address and port/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /not trusted/, /NODE_EXTRA_CA_CERTS/],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /not trusted/, /NODE_EXTRA_CA_CERTS/],
    ["CERT_HAS_EXPIRED", /has expired/, /clock/],
    ["HPE_INVALID_CONSTANT", /does not speak HTTP/, /proxy/i],
    ["ESOMETHING", /its own words/, /network/],
  ])("explains %s", (code, message, remedy) => {
    const failure = connectionFailure({ status: undefined, code, text: "its own words" }, request);
    expect(failure).toMatchObject({ code: "SERVICE.UNREACHABLE", status: undefined });
    expect(failure.message).toMatch(message);
    expect(failure.message).toContain("management.azure.com");
    expect(failure.remedy).toMatch(remedy);
  });

  it.each([
    ["ECONNREFUSED", undefined],
    ["ECONNRESET", "whether `backends/x` was written is not known"],
  ])("says after %s what is not known about the write", (code, why) => {
    expect(connectionFailure({ status: undefined, code, text: "" }, request).why).toBe(why);
  });

  it("does not wait for a port where nothing listens", async () => {
    const { service, arm, clock } = await connect([]);
    await arm.close();
    expect((await failureOf(service.get("backends/x"))).message).toMatch(/ECONNREFUSED/);
    expect(clock.slept).toEqual([]);
  });
});
