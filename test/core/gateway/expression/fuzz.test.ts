/** Random expressions end with a value, an exception of .NET's, a refusal or a limit, and within bounds. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { contextWith, loadGrammar, run } from "./support.ts";

beforeAll(loadGrammar);

const limits = { steps: 20_000, memory: 500_000, depth: 50 };
const runs = Number(process.env["RUNS"] ?? 400);

const names = [
  "Length",
  "Count",
  "First()",
  "Last()",
  "ToString()",
  "Trim()",
  "Sum()",
  "Max()",
  "ToArray()",
  "Reverse()",
  "Value",
  "Key",
  "Keys",
  "Year",
  "Type",
  "HasValue",
  "GetType()",
  "Distinct()",
];
const binary = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "==",
  "!=",
  "<",
  ">",
  "<=",
  ">=",
  "&&",
  "||",
  "??",
  "&",
  "|",
  "^",
  "<<",
  ">>",
];
const types = [
  "int",
  "long",
  "string",
  "double",
  "decimal",
  "bool",
  "object",
  "byte",
  "char",
  "int?",
  "JObject",
  "JToken",
  "DateTime",
  "string[]",
  "byte[]",
  "Guid",
];
const atoms = [
  ...[
    "1",
    "0",
    "-1",
    "2147483647",
    "9223372036854775807",
    "1.5",
    "0.1m",
    "1e300",
    "'a'",
    "true",
    "false",
    "null",
  ],
  ...[
    '""',
    '"abc"',
    '"12"',
    '"a,b"',
    '"{\\"a\\":[1,2]}"',
    "int.MaxValue",
    "long.MinValue",
    "DateTime.UtcNow",
    "Guid.Empty",
  ],
  ...[
    "TimeSpan.MaxValue",
    "context",
    "context.Request",
    "context.Variables",
    "context.Request.Headers",
    "context.Request.Body.As<string>(true)",
  ],
  ...[
    'context.Variables["v"]',
    "new[] { 1, 2, 3 }",
    "new string[0]",
    "new List<int> { 1 }",
    'new JObject(new JProperty("a", 1))',
  ],
  ...[
    'JToken.Parse("[1,null]")',
    "new Dictionary<string, object>()",
    "x",
    "new byte[3]",
    "Encoding.UTF8",
    "new { a = 1 }",
  ],
];

const code = fc.letrec<{ expression: string }>((tie) => {
  const any = tie("expression");
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthIdentifier: "code" },
      fc.constantFrom(...atoms),
      fc.tuple(any, fc.constantFrom(...binary), any).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
      fc.tuple(fc.constantFrom("-", "!", "~", "+"), any).map(([operator, a]) => `${operator}(${a})`),
      fc.tuple(fc.constantFrom(...types), any).map(([type, a]) => `((${type})(${a}))`),
      fc
        .tuple(any, fc.constantFrom(".", "?."), fc.constantFrom(...names))
        .map(([a, dot, name]) => `(${a})${dot}${name}`),
      fc.tuple(any, any).map(([a, b]) => `(${a})[${b}]`),
      fc.tuple(any, any, any).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc
        .tuple(
          any,
          fc.constantFrom("Select", "Where", "OrderBy", "Any", "GroupBy", "Sum", "ToDictionary", "Aggregate"),
          any,
        )
        .map(([a, method, b]) => `(${a}).${method}(x => ${b})`),
      fc
        .tuple(
          any,
          fc.constantFrom(
            "Substring",
            "IndexOf",
            "Split",
            "PadLeft",
            "Replace",
            "Contains",
            "Concat",
            "ElementAt",
            "Take",
            "Value<int>",
            "Equals",
            "ToString",
          ),
          fc.array(any, { maxLength: 2 }),
        )
        .map(([a, method, args]) => `(${a}).${method}(${args.join(", ")})`),
      fc
        .tuple(
          fc.constantFrom(
            "string.Join",
            "string.Format",
            "Convert.ToInt32",
            "int.Parse",
            "Math.Max",
            "JsonConvert.SerializeObject",
            "JObject.Parse",
            "Regex.Replace",
            "Regex.IsMatch",
            "Convert.ToBase64String",
            "Enumerable.Repeat",
            "Enumerable.Range",
            "Uri.EscapeDataString",
            "DateTime.Parse",
            "new string",
            "new Uri",
            "new JArray",
            "new TimeSpan",
            "JToken.FromObject",
          ),
          fc.array(any, { maxLength: 3 }),
        )
        .map(([call, args]) => `${call}(${args.join(", ")})`),
      fc.tuple(any, fc.constantFrom(...types)).map(([a, type]) => `(${a} is ${type})`),
      any.map((a) => `$"{${a.replaceAll('"', "'")},5}"`),
    ),
  };
}).expression;

const statements = fc
  .tuple(code, code, fc.constantFrom("while", "for", "foreach", "if", "try", "switch", "function"))
  .map(([a, b, kind]) => {
    switch (kind) {
      case "while":
        return `var x = ${a}; while (true) { x += ${b}; }`;
      case "for":
        return `for (var x = 0; ; x++) { if (x.Equals(${a})) return ${b}; }`;
      case "foreach":
        return `foreach (var x in ${a}) { if (x != null) return ${b}; } return ${a};`;
      case "if":
        return `var x = ${a}; if (x == null) { return ${b}; } else { x = ${b}; } return x;`;
      case "try":
        return `var x = 1; try { return ${a}; } catch (Exception e) { return e.Message + x; } finally { x++; }`;
      case "switch":
        return `var x = ${a}; switch (x) { case 1: return 1; case string s: return s; default: return ${b}; }`;
      case "function":
        return `object F(object x) { return F(${a}); } var x = 1; return F(${b});`;
    }
  });

const ends = ["value", "exception", "refused", "limit"];

describe("random code", () => {
  it("ends in one of four ways", () => {
    fc.assert(
      fc.property(code, (text) => {
        const context = contextWith({ variables: new Map([["v", 5]]) });
        expect(ends).toContain(run(`@(${text})`, context, limits).end);
      }),
      { numRuns: runs },
    );
  });

  it("ends in one of four ways when it has statements", () => {
    fc.assert(
      fc.property(statements, (text) => {
        expect(ends).toContain(run(`@{${text}}`, contextWith(), limits).end);
      }),
      { numRuns: runs },
    );
  });

  it("ends in one of four ways when it is no C#", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(ends).toContain(run(`@(${text})`, contextWith(), limits).end);
      }),
      { numRuns: runs },
    );
  });

  it("gives the same every time", () => {
    fc.assert(
      fc.property(code, (text) => {
        const [first, second] = [0, 1].map(() => run(`@(${text})`, contextWith(), limits));
        expect(second?.end).toBe(first?.end);
        if (first?.end === "value" && second?.end === "value") expect(second.text).toBe(first.text);
      }),
      { numRuns: runs / 4 },
    );
  });

  it("stands deep nesting", () => {
    for (const depth of [100, 1_000, 10_000]) {
      expect(ends).toContain(run(`@(${"(".repeat(depth)}1${")".repeat(depth)})`).end);
      expect(ends).toContain(run(`@(${"-".repeat(1)}${"1+".repeat(depth)}1)`).end);
      expect(ends).toContain(run(`@(JToken.Parse("${"[".repeat(depth)}"))`).end);
    }
  });
});
