import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSpec, type ParseSpecOptions } from "../../../src/core/spec/parse-spec.ts";

const subscription = "00000000-0000-0000-0000-000000000001";
const variables = { AZURE_SUBSCRIPTION_ID: subscription };
const patterns = resolve(import.meta.dirname, "../../../../shared/expected");
if (!existsSync(patterns)) console.warn(`specs of the patterns are not tested: no ${patterns}`);

function parse(text: string, options: Partial<ParseSpecOptions> = {}) {
  return parseSpec(text, { file: "gateway.yaml", variables, ...options });
}

function parseGood(text: string, options: Partial<ParseSpecOptions> = {}) {
  const { parsed, problems } = parse(text, options);
  expect(problems).toEqual([]);
  return parsed!;
}

function good(name: string): string {
  return readFileSync(join(import.meta.dirname, "good", `${name}.yaml`), "utf8");
}

const header = `apimgw: 1
name: contoso-ai
service: { subscriptionId: ${subscription}, resourceGroup: rg-ai, name: contoso-apim }
`;

describe("good specs", () => {
  it.each(["design-example", "every-key"])("%s", (name) => {
    expect(parseGood(good(name)).spec.apimgw).toBe(1);
  });

  describe.skipIf(!existsSync(patterns))("of the patterns", () => {
    const names = existsSync(patterns)
      ? readdirSync(patterns).filter((name) => existsSync(join(patterns, name, "gateway.yaml")))
      : [];
    it.each(names)("%s", (name) => {
      const { spec } = parseGood(readFileSync(join(patterns, name, "gateway.yaml"), "utf8"));
      expect(spec.name).toBe(name);
      expect(Object.keys(spec.apis ?? {})).toEqual(["azure-openai"]);
    });
  });

  it("keep values as they were written", () => {
    const { spec } = parseGood(good("design-example"));
    expect(spec.backends?.["aoai-swedencentral"]?.circuitBreaker).toEqual({
      count: 3,
      interval: "5m",
      statusCodes: [429, "500-599"],
      errorReasons: ["Timeout"],
      tripDuration: "1m",
      acceptRetryAfter: true,
    });
    expect(spec.apis?.["azure-openai"]?.operations?.["ImageGenerations_Create"]?.policies?.inbound).toBe(
      '<set-header name="x-team" exists-action="override"><value>@(context.Subscription?.Name ?? "none")</value></set-header>\n',
    );
    expect("environments" in spec).toBe(false);
  });

  it("read scalars by the core schema of YAML 1.2", () => {
    const text = `${header}apis:
  a:
    path: a
    deny: { status: 0x194, body: { yes: yes, n: no, t: true, tilde: ~, e: 1e3, o: 0o17, s: "1", d: 2024-01-01, x: !!str 5 } }
`;
    expect(parseGood(text).spec.apis?.["a"]?.deny).toEqual({
      status: 404,
      body: { yes: "yes", n: "no", t: true, tilde: null, e: 1000, o: 15, s: "1", d: "2024-01-01", x: "5" },
    });
  });

  it("may have a byte order mark, CR LF, a document start and end, and names of Object.prototype", () => {
    const text = `\uFEFF---\r\n${header.replaceAll("\n", "\r\n")}products:\r\n  constructor: {}\r\n  toString: {}\r\n...\r\n`;
    expect(Object.keys(parseGood(text).spec.products ?? {})).toEqual(["constructor", "toString"]);
  });
});

describe("environments", () => {
  const text = `${header}backends:
  aoai:
    url: https://base.example
    title: Base
    circuitBreaker: { count: 3, interval: 5m, statusCodes: [429, 503], tripDuration: 1m }
apis:
  a: { path: a, operations: { One: { backend: aoai, retry: { count: 1 } }, Two: { backend: aoai } } }
environments:
  prod:
    service: { name: contoso-prod }
    backends:
      aoai: { url: https://prod.example, title: null, circuitBreaker: { statusCodes: [500] } }
      extra: { url: https://extra.example }
    apis: { a: { operations: { One: { retry: null, fallback: [extra] }, Two: null } } }
  dev:
    backends: { aoai: { url: "https://\${DEV_HOST}" } }
`;

  it("leave the base as it is when none is chosen", () => {
    const { spec } = parseGood(text);
    expect(spec.service.name).toBe("contoso-apim");
    expect(spec.backends?.["aoai"]?.title).toBe("Base");
  });

  it("merge maps, replace lists and scalars, and remove with null", () => {
    const { spec } = parseGood(text, { environment: "prod" });
    expect(spec.service).toEqual({
      subscriptionId: subscription,
      resourceGroup: "rg-ai",
      name: "contoso-prod",
    });
    expect(spec.backends).toEqual({
      aoai: {
        url: "https://prod.example",
        circuitBreaker: { count: 3, interval: "5m", statusCodes: [500], tripDuration: "1m" },
      },
      extra: { url: "https://extra.example" },
    });
    expect(spec.apis?.["a"]?.operations).toEqual({ One: { backend: "aoai", fallback: ["extra"] } });
  });

  it("need their variables only when they are chosen", () => {
    const [problem, ...rest] = parse(text, { environment: "dev" }).problems;
    expect(rest).toEqual([]);
    expect(problem).toMatchObject({ rule: "unset-variable", at: { line: 19, column: 39 } });
    const chosen = parseGood(text, { environment: "dev", variables: { DEV_HOST: "dev.example" } });
    expect(chosen.spec.backends?.["aoai"]?.url).toBe("https://dev.example");
  });

  it("may complete a base that is not complete", () => {
    const partial = `apimgw: 1
name: a
environments:
  prod: { service: { subscriptionId: ${subscription}, resourceGroup: rg, name: prod } }
`;
    expect(parseGood(partial, { environment: "prod" }).spec.service.name).toBe("prod");
    expect(parse(partial).problems).toMatchObject([{ rule: "missing-key", at: { line: 1, column: 1 } }]);
  });
});

describe("overrides", () => {
  const text = `apimgw: 1
name: a
service:
  subscriptionId: \${UNSET}
  resourceGroup: rg
  name: apim
environments: { prod: { service: { name: prod } } }
`;
  const overrides = { subscriptionId: subscription, resourceGroup: "other-rg", service: "other" };

  it("win over the file, its overlays and its unset variables", () => {
    const { spec } = parseGood(text, { environment: "prod", overrides });
    expect(spec.service).toEqual({ subscriptionId: subscription, resourceGroup: "other-rg", name: "other" });
  });

  it("are located at the key they replace", () => {
    const { source } = parseGood(text, { overrides });
    expect(source.locateKey("/service/name")).toMatchObject({ line: 6, column: 3 });
    expect(source.locateWithin("/service/name", 3)).toMatchObject({ line: 6 });
  });

  it("do for a whole service", () => {
    const { spec } = parseGood("apimgw: 1\nname: a\n", { overrides });
    expect(spec.service.name).toBe("other");
  });

  it("are named by their flag when they are wrong, and are not searched for variables", () => {
    const { problems } = parse(text, { overrides: { ...overrides, subscriptionId: "${X}" } });
    expect(problems).toMatchObject([
      {
        rule: "invalid-value",
        message:
          "`subscriptionId`: expected an Azure subscription id (a GUID), found the value of --subscription",
        at: { line: 4, column: 19 },
      },
    ]);
  });
});

describe("variables", () => {
  const values = { SET: "set", EMPTY: "", NUMBER: "3", TRUE: "true", DOLLAR: "${SET}" };
  it.each([
    ["${SET}", "set"],
    ["a-${SET}-b-${SET}", "a-set-b-set"],
    ["x${EMPTY}", "x"],
    ["${EMPTY:-default}", "default"],
    ["${UNSET:-default}", "default"],
    ["x${UNSET:-}", "x"],
    ["${SET:-default}", "set"],
    ["${UNSET:-https://x/y z}", "https://x/y z"],
    ["$${SET}", "${SET}"],
    ["$$${SET}", "$${SET}"],
    ["$SET $ {SET} $$", "$SET $ {SET} $$"],
    ["${DOLLAR}", "${SET}"],
    ["${NUMBER}", "3"],
  ])("%s is %s", (written, expected) => {
    for (const quoted of [
      written,
      `"${written}"`,
      `'${written}'`,
      `|-\n      ${written}`,
      `>-\n      ${written}`,
    ]) {
      const { spec } = parseGood(`${header}namedValues:\n  a:\n    value: ${quoted}\n`, {
        variables: values,
      });
      expect(spec.namedValues?.["a"]?.value).toBe(expected);
    }
  });

  it("become numbers and booleans where the schema expects them", () => {
    const text = `${header}backends:
  aoai:
    url: https://base.example
    circuitBreaker:
      count: \${NUMBER}
      interval: \${NUMBER}m
      statusCodes: ["4\${NUMBER}0", "\${NUMBER}00"]
      tripDuration: 1m
      acceptRetryAfter: \${TRUE}
apis: { a: { path: a, subscriptionKey: "\${UNSET:-false}" } }
`;
    const { spec } = parseGood(text, { variables: values });
    expect(spec.backends?.["aoai"]?.circuitBreaker).toEqual({
      count: 3,
      interval: "3m",
      statusCodes: [430, 300],
      tripDuration: "1m",
      acceptRetryAfter: true,
    });
    expect(spec.apis?.["a"]?.subscriptionKey).toBe(false);
  });

  it("are never shown", () => {
    const secret = "hunter2-secret";
    const text = `${header}backends:
  aoai: { url: "\${SECRET}", title: "\${SECRET}\${LONG}", circuitBreaker: { count: "\${SECRET}", interval: "\${SECRET}" } }
apis:
  a: { path: "/\${SECRET}", unlisted: "\${SECRET}", operations: { A: { backend: "\${SECRET}", retry: "\${SECRET}" } } }
`;
    const { problems } = parse(text, { variables: { SECRET: secret, LONG: "x".repeat(300) } });
    expect(problems.length).toBeGreaterThan(6);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });

  it("are not read from the prototype of the variables", () => {
    const { problems } = parse(`${header}namedValues: { a: { value: "\${constructor}" } }\n`);
    expect(problems).toMatchObject([{ rule: "unset-variable" }]);
  });
});

describe("the same spec", () => {
  it("gives the same problems whatever the order of its backends", () => {
    const backends = ["  one: { ulr: 1 }\n", "  two: { url: x }\n"];
    const messages = (lines: readonly string[]) =>
      parse(`${header}backends:\n${lines.join("")}`)
        .problems.map(({ message }) => message)
        .sort();
    expect(messages(backends)).toEqual(messages(backends.toReversed()));
  });
});
