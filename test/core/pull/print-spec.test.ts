import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printSpec } from "../../../src/core/pull/print-spec.ts";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";

const base = {
  apimgw: 1,
  name: "x",
  service: { subscriptionId: "00000000-0000-0000-0000-000000000001", resourceGroup: "rg", name: "apim" },
};

function readBack(text: string): unknown {
  const { parsed, problems } = parseSpec(text, { file: "gateway.yaml", variables: {} });
  return parsed?.spec ?? problems;
}

const printed = (spec: object): string => printSpec({ ...base, ...spec }, { head: [], above: new Map() });

/** Texts that mean something else to YAML, or to the spec, when they are written down carelessly. */
const awkward = fc.constantFrom(
  ..."yes|on|null|~|1|0x1f|1e3|.inf|true|2020-01-01|=|<<|?|-|- a|a: b|a #b|#a|&a|*a|!a|%a|@a|`a|'a'|\"a\"|[a]|{a}|a,b|a:".split(
    "|",
  ),
  ...[
    "|",
    ">",
    "",
    " ",
    " a ",
    "\ta",
    "a\n",
    "a\nb",
    "\n a",
    "a\r\nb",
    "\u0085",
    "\u2028",
    "\uFEFFa",
    "\u007f",
    "\u0000x",
    "a\u00A0",
    "a\u2003",
  ],
  ...["${a}", "$${a}", "$$${a:-b}", "${", "$ {", "a\\nb", "---", "...", "--- a", "\u{1F600}", "é", "\\"],
);
const text = fc.oneof(awkward, fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
const key = text.filter((name) => name !== "__proto__" && !name.includes("${"));
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
})).value;

describe("printSpec", () => {
  it("writes what is read back as the same, on lines that are never broken", () => {
    const spec = fc.record({
      backends: fc.dictionary(
        fc.constantFrom("null", "on", "b-1", "0x1", "12"),
        fc.record({ url: fc.constant("https://a.example/b#".slice(0, -1)), title: text }),
        { minKeys: 1 },
      ),
      apis: fc.record({
        api: fc.record({
          description: text,
          deny: fc.record({
            reason: fc.constantFrom("a", "b: c"),
            body: fc.oneof(text, fc.dictionary(key, json)),
          }),
        }),
      }),
    });
    fc.assert(
      fc.property(spec, (parts) => {
        const wanted = JSON.parse(JSON.stringify({ ...base, ...parts })) as typeof base & typeof parts;
        const fits = Object.values(wanted.backends).every(({ title }) => title.length > 0);
        if (!fits) return;
        const written = printed(wanted);
        expect(readBack(written)).toEqual(wanted);
        const lines = written.split("\n").filter((line) => line !== "");
        expect(lines.filter((line) => !/^(?: {2})*(?:- |[^ ].*:(?: |$))/.test(line))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("lays it out as people do", () => {
    const text = printSpec(
      {
        ...base,
        backends: {
          a: { url: "https://a.example", title: "One, two", circuitBreaker: { count: 1, interval: "5m" } },
        },
        pools: { p: { members: [{ backend: "a", priority: 1 }] } },
        namedValues: { v: { value: "{{x}}" }, w: { secret: true, displayName: undefined } },
        loggers: { m: { azureMonitor: {} } },
        apis: {
          api: {
            policies: false,
            deny: { status: 403, body: { error: { code: "a".repeat(60), message: "b".repeat(60) } } },
            operations: { Chat: { backend: "a", retry: { on: [429, "500-599"], count: 2 } } },
          },
        },
        products: undefined,
      },
      {
        head: ["A file."],
        above: new Map([
          ["/pools", ["Groups."]],
          ["/apis/api/operations/Chat", ["why"]],
        ]),
      },
    );
    expect(text).toBe(`# A file.

apimgw: 1
name: x

service:
  subscriptionId: 00000000-0000-0000-0000-000000000001
  resourceGroup: rg
  name: apim

backends:
  a:
    url: https://a.example
    title: One, two
    circuitBreaker:
      count: 1
      interval: 5m

# Groups.
pools:
  p:
    members:
      - { backend: a, priority: 1 }

namedValues:
  v: { value: "{{x}}" }
  w: { secret: true }

loggers:
  m:
    azureMonitor: {}

apis:
  api:
    policies: false
    deny:
      status: 403
      body:
        error:
          code: ${"a".repeat(60)}
          message: ${"b".repeat(60)}
    operations:
      # why
      Chat:
        backend: a
        retry: { on: [429, 500-599], count: 2 }
`);
  });
});
