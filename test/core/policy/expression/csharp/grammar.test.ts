import { beforeAll, describe, expect, it } from "vitest";
import { createCodeModel } from "../../../../../src/core/policy/expression/csharp/code-model.ts";
import { canReachEnd } from "../../../../../src/core/policy/expression/csharp/control-flow.ts";
import {
  isCSharpGrammarLoaded,
  parseCSharp,
} from "../../../../../src/core/policy/expression/csharp/grammar.ts";
import { walkCSharp } from "../../../../../src/core/policy/expression/csharp/node.ts";
import { loadGrammar } from "../../../lint/policy/expressions/support.ts";

beforeAll(loadGrammar);

describe("parseCSharp", () => {
  it("is ready after loading, however often it is asked to load", async () => {
    await Promise.all([loadGrammar(), loadGrammar()]);
    expect(isCSharpGrammarLoaded()).toBe(true);
  });

  it.each([
    ["a.B", "single", "member_access_expression", "a.B"],
    [" a // c\n", "single", "identifier", "a"],
    ["/* c */ 'é' + \"😀\"", "single", "binary_expression", "'é' + \"😀\""],
    ["return a;", "block", "block", "return a;"],
  ] as const)("has the code's own offsets: %s", (code, kind, type, text) => {
    const tree = parseCSharp(code, kind);
    expect(tree?.hasError).toBe(false);
    expect(tree?.body?.type).toBe(type);
    expect(code.slice(tree?.body?.start, tree?.body?.end)).toBe(text);
  });

  it.each(["a b", "", "a;", ") + (", "a) + (b", "}", "} int X() {", "\0"])(
    "knows that this is no expression: %j",
    (code) => {
      const tree = parseCSharp(code, "single");
      expect(tree === undefined || tree.hasError || tree.body === undefined).toBe(true);
    },
  );

  it("reads nothing that is too long or too deep", () => {
    expect(parseCSharp("1".padEnd(65_537), "single")).toBeUndefined();
    expect(parseCSharp("(".repeat(2_000) + "1" + ")".repeat(2_000), "single")).toBeUndefined();
    expect(parseCSharp("1", "single")?.body?.type).toBe("integer_literal");
  });

  it("binds a cast looser than what follows it", () => {
    const tree = parseCSharp('(string)a?.As<JObject>()["b"]', "single");
    expect(tree?.body?.type).toBe("cast_expression");
  });

  it.each([
    ["a && b?.c != d", "a", "&&", "b?.c != d"],
    ["a && b?.c == d && e?.f == g", "a && b?.c == d", "&&", "e?.f == g"],
    ["a || b && c?.d == e", "a", "||", "b && c?.d == e"],
    ["a + b?.c * d", "a", "+", "b?.c * d"],
    ["a - b?.c - d", "a - b?.c", "-", "d"],
    ["(a && b?.c) == d", "(a && b?.c)", "==", "d"],
    ["a && b?.c is null", "a", "&&", "b?.c is null"],
    ["a is B && c?.d == e", "a is B", "&&", "c?.d == e"],
    ["a is null || b == c && d", "a is null", "||", "b == c && d"],
  ])("splits %s where C# does", (code, left, operator, right) => {
    const children = parseCSharp(code, "single")?.body?.children ?? [];
    expect(children.map(({ start, end }) => code.slice(start, end))).toEqual([left, operator, right]);
  });

  it("takes type arguments of a call for type arguments", () => {
    const tree = parseCSharp('(string)a.As<JObject>(true)["b"]', "single");
    const types: string[] = [];
    walkCSharp(tree!.root, ({ type }) => types.push(type));
    expect(types).toContain("type_argument_list");
    expect(types).not.toContain("binary_expression");
  });
});

describe("typeOf", () => {
  it.each([
    ["context.Request.Method", "string"],
    ["context.Request.Headers", "System.Collections.Generic.IReadOnlyDictionary<string, string[]>"],
    ['context.Request.Headers["a"]', "string[]"],
    ['context.Request.Headers.GetValueOrDefault("a", "")', "string"],
    ['context.Request.MatchedParameters["a"]', "string"],
    ["context.Request.OriginalUrl.Port", "int"],
    ["context.Response?.StatusCode", "int?"],
    ['context.Variables["a"]', "object"],
    ['(int)context.Variables["a"]', "int"],
    ['context.Variables["a"] as JObject', "Newtonsoft.Json.Linq.JObject"],
    ['context.Variables.GetValueOrDefault<bool>("a")', "bool"],
    ['((IResponse)context.Variables["a"]).Body', "IMessageBody"],
    ["context.Request.Body.As<JObject>()", "Newtonsoft.Json.Linq.JObject"],
    ['context.Request.Headers.GetValueOrDefault("a").AsJwt()', "Jwt"],
    ["DateTime.UtcNow.AddDays(1)", "System.DateTime"],
    ["1 + 2 == 3", "bool"],
    ['"a" + 1', "string"],
    ["context.Tracing ? 1 : 2", "int"],
    ['context.Tracing ? 1 : "a"', undefined],
    ["context.User.Groups.First()", undefined],
    ["unknown.Thing", undefined],
  ])("of %s is %s", (code, type) => {
    const model = createCodeModel(parseCSharp(code, "single")!);
    expect(model?.typeOf(model.body)).toBe(type);
  });
});

describe("canReachEnd", () => {
  it.each([
    ["return 1;", false],
    ["a();", true],
    ["if (a) return 1;", true],
    ["if (a) return 1; else return 2;", false],
    ["if (false) return 1;", true],
    ["if (true) return 1;", false],
    ["while (a) { return 1; }", true],
    ["while (true) { a(); }", false],
    ["while (true) { switch (a) { case 1: break; } }", false],
    ["while (true) { if (a) break; }", true],
    ["for (;;) { }", false],
    ["do { return 1; } while (a);", false],
    ["do { if (a) continue; return 1; } while (a);", true],
    ["foreach (var x in a) { return 1; }", true],
    ["switch (a) { case 1: return 1; }", true],
    ["switch (a) { case 1: return 1; default: throw b; }", false],
    ["try { return 1; } catch { }", true],
    ["try { return 1; } catch { throw; }", false],
    ["try { a(); } finally { return 1; }", false],
    ["using (var x = a) { return x; }", false],
    ["{ { return 1; } }", false],
    ["goto x; x: return 1;", false],
    ["var f = a.Select(x => { return x; });", true],
  ])("%s: %s", (code, reaches) => {
    const tree = parseCSharp(code, "block");
    expect(tree?.hasError).toBe(false);
    expect(canReachEnd(tree!.body!)).toBe(reaches);
  });
});
