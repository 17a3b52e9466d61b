/** Statements, functions, exceptions. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadGrammar, run, shown } from "./support.ts";

beforeAll(loadGrammar);

const cases: [code: string, expected: string][] = [
  ["var s = 0; for (int i = 0; i < 5; i++) { if (i == 3) continue; s += i; } return s;", "int 7"],
  ["var s = 0; for (int i = 0, j = 9; i < j; i++, j--) s++; return s;", "int 5"],
  ["int i = 0; while (true) { if (++i > 3) break; } return i;", "int 4"],
  ["int i = 0; do { i++; } while (i < 3); return i;", "int 3"],
  ['var s = ""; foreach (var c in "abc") { s = c + s; } return s;', "string cba"],
  ['foreach (string s in new[] { "a" }) return s; return null;', "string a"],
  ["foreach (var x in (string[])null) { } return 1;", "! NullReferenceException"],
  ["int i = 5; return i++ + ++i;", "int 12"],
  ["var a = new[] { 1, 2 }; a[0] += 5; a[1]++; return a[0] * 10 + a[1];", "int 63"],
  ["int x = 7; x /= 2; x <<= 2; x |= 1; x %= 10; return x;", "int 3"],
  ["byte b = 250; b += 10; return b;", "byte 4"],
  ["long l = 1; return l;", "long 1"],
  ["double d = 1; return d / 2;", "double 0.5"],
  ["decimal d = 1; return d / 4;", "decimal 0.25"],
  ["object o = 1; return (int)o + 1;", "int 2"],
  ["object o = 1; return (long)o;", "! InvalidCastException"],
  ['string s = context.Variables.GetValueOrDefault("x"); return s;', "refused 1:14"],
  ["string s = 5; return s;", "refused 1:14"],
  ["int n = 1.5; return n;", "refused 1:11"],
  ["const int n = 5; n = 6; return n;", "refused 1:20"],
  ['int n; return int.TryParse("12", out n) ? n : -1;', "int 12"],
  ['return int.TryParse("x", out var n) ? n : n - 1;', "int -1"],
  ['return int.TryParse("5", out int n) && n > 4;', "bool True"],
  ['if (Guid.TryParse("x", out _)) return 1; else return 2;', "int 2"],
  [
    'var d = new Dictionary<string, int> { { "a", 1 } }; int v; return d.TryGetValue("b", out v) ? v : v + 10;',
    "int 10",
  ],
  ['switch ("b") { case "a": return 1; case "b": case "c": return 2; default: return 3; }', "int 2"],
  ["var r = 0; switch (5) { case 1: r = 1; break; default: r = 9; break; } return r;", "int 9"],
  [
    'object o = "abc"; switch (o) { case int i: return i; case string s when s.Length > 5: return 1; case string s: return s.Length; case null: return -1; } return -2;',
    "int 3",
  ],
  [
    "object o = null; switch (o) { case string s: return 1; case null: return 2; default: return 3; }",
    "int 2",
  ],
  ['switch (3L) { case 3: return "yes"; } return "no";', "string yes"],
  ['try { return int.Parse("x"); } catch (Exception) { return -1; }', "int -1"],
  ['try { return int.Parse("x"); } catch (OverflowException) { return -1; }', "refused 1:41"],
  [
    'try { return int.Parse("x"); } catch (Exception e) { return e.Message; }',
    "string Input string was not in a correct format.",
  ],
  [
    'try { return int.Parse("x"); } catch (Exception e) when (e.Message == "") { return 1; } catch { return 2; }',
    "int 2",
  ],
  ['try { throw new Exception("no"); } catch (Exception e) { return e.Message; }', "string no"],
  [
    "try { string s = null; return s.Length; } catch (Exception e) { return e.GetType().Name; }",
    "string NullReferenceException",
  ],
  ['try { throw new Exception("a"); } catch (Exception) { throw; }', "! Exception"],
  ['throw new InvalidOperationException("no");', "refused 1:13"],
  ['var s = ""; try { s += "a"; } finally { s += "b"; } return s;', "string ab"],
  ["var x = 1; try { return x; } finally { x = 2; }", "int 1"],
  [
    'var s = ""; try { try { throw new Exception(); } finally { s += "f"; } } catch { s += "c"; } return s;',
    "string fc",
  ],
  ['return "x" ?? throw new Exception("none");', "string x"],
  ['string s = null; return s ?? throw new Exception("none");', "! Exception"],
  ["Func<int, int> f = n => n * 2; return f(4);", "int 8"],
  ["Func<int, int, int> f = (a, b) => { var c = a + b; return c; }; return f.Invoke(1, 2);", "int 3"],
  ["Func<int, int> fact = null; fact = n => n <= 1 ? 1 : n * fact(n - 1); return fact(10);", "int 3628800"],
  ["int Fib(int n) { return n < 2 ? n : Fib(n - 1) + Fib(n - 2); } return Fib(15);", "int 610"],
  ["int Twice(int n) => n * 2; return Twice(Twice(2));", "int 8"],
  ["long Wide(int n) => n; return Wide(1);", "long 1"],
  [
    "var fs = new List<Func<int>>(); foreach (var i in new[] { 1, 2, 3 }) { fs.Add(() => i); } return fs.Sum(f => f());",
    "int 6",
  ],
  [
    "var fs = new List<Func<int>>(); for (int i = 0; i < 3; i++) { fs.Add(() => i); } return fs.Sum(f => f());",
    "int 9",
  ],
  [
    "var n = 0; var q = new[] { 1, 2 }.Select(x => { n++; return x; }); var before = n; q.ToList(); q.ToList(); return before * 10 + n;",
    "int 4",
  ],
  ["var xs = new List<int> { 1 }; var q = xs.Where(x => x > 0); xs.Add(2); return q.Count();", "int 2"],
  ["using (var h = SHA256.Create()) { return h.ComputeHash(new byte[0]).Length; }", "int 32"],
  ["checked { int n = int.MaxValue; n++; return n; }", "! OverflowException"],
  ["int n = int.MaxValue; n++; return n;", "int -2147483648"],
  ['var t = (1, "a"); return t.Item2 + t.Item1;', "string a1"],
  ['var o = new { Name = "x", Inner = new { V = 1 } }; return o.Name + o.Inner.V;', "string x1"],
  ['dynamic o = JObject.Parse("{a:{b:5}}"); return (int)o.a.b;', "int 5"],
  [
    'var b = new StringBuilder(); b.AppendFormat("{0}-{1}", 1, 2); b.Length = 2; return b.ToString();',
    "string 1-",
  ],
  ["string s = null; return s?.Trim()?.Length ?? -1;", "int -1"],
  ["string[] parts = null; return parts?[0];", "null"],
  ["int n = 5; return (n) - 1;", "int 4"],
  ["lock (context) { return 1; }", "int 1"],
  ["int[] a = { 1, 2, 3 }; return a.Length;", "int 3"],
  ["int x = 1; { int y = 2; x += y; } return x;", "int 3"],
  ["if (context.Response.StatusCode == 1) return 1;", "refused 1:3"],
  ["context.Response.StatusCode = 5; return 1;", "refused 1:3"],
  ["goto end; end: return 1;", "refused 1:3"],
  ["return nothing;", "refused 1:10"],
  ['return new FileInfo("x");', "refused 1:14"],
  ['return File.ReadAllText("x");', "refused 1:10"],
  ["return x switch { _ => 1 };", "refused 1:10"],
];

describe("statements", () => {
  it.each(cases)("%s is %s", (code, expected) => {
    expect(shown(run(`@{${code}}`))).toBe(expected);
  });
});

describe("limits", () => {
  it.each([
    ["a loop without end", "while (true) { } return 1;"],
    ["a loop that only counts", "for (var i = 0; ; i++) { if (i < 0) return i; }"],
    ["a long text", "return new string('a', int.MaxValue);"],
    ["a text that doubles", 'var s = "a"; while (true) { s += s; }'],
    ["a list that grows", "var l = new List<int>(); while (true) { l.Add(1); }"],
    ["a large array", "return new int[int.MaxValue].Length;"],
    ["a long sequence", "return Enumerable.Range(0, int.MaxValue).Count();"],
    ["a function without end", "int F(int n) => F(n + 1); return F(0);"],
    ["lambdas without end", "Func<int, int> f = null; f = n => f(n); return f(0);"],
    ["padding", 'return "a".PadLeft(int.MaxValue).Length;'],
    ["replacing", "var s = new string('a', 100000); return s.Replace(\"a\", s).Length;"],
    ["an object within itself", 'var o = new JObject(); while (true) { o["a"] = o; }'],
    [
      "objects that double",
      'var o = new JObject(); for (int i = 0; i < 60; i++) { var p = new JObject(); p["a"] = o; p["b"] = o; o = p; } return o.Count;',
    ],
    [
      "objects nested without end",
      'var o = new JObject(); var at = o; while (true) { var p = new JObject(); at["a"] = p; at = p; }',
    ],
    ["elements that double", 'var x = new XElement("a"); while (true) { x.Add(x); }'],
    [
      "tuples that double",
      "object t = 1; for (int i = 0; i < 60; i++) { t = (t, t); } return t.ToString().Length;",
    ],
    [
      "keys that double",
      "object t = 1; for (int i = 0; i < 60; i++) { t = (t, t); } return t.Equals(t) && new HashSet<object> { t }.Count > 5;",
    ],
    ["inserting in front", "var l = new List<int>(); while (true) { l.Insert(0, 1); }"],
    [
      "searching a long text again and again",
      "var s = new string('a', 1000000); while (true) { s.IndexOf(\"b\"); }",
    ],
    [
      "comparing long texts again and again",
      'var s = new string(\'a\', 1000000); var t = s + ""; while (true) { if (s + "b" == t + "c") return 1; }',
    ],
    ["copying again and again", "var b = new byte[1000000]; while (true) { b.Clone(); }"],
    ["catching what cannot be caught", "while (true) { try { while (true) { } } catch { } }"],
    ["joining without end", 'return string.Join("", Enumerable.Repeat("abcdefgh", int.MaxValue));'],
  ])("stop %s", (_, code) => {
    const start = performance.now();
    expect(run(`@{${code}}`).end).toBe("limit");
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it("can be tightened", () => {
    const tight = { steps: 10, memory: 100, depth: 5 };
    expect(run("@{ var s = 0; for (int i = 0; i < 9; i++) s += i; return s; }", undefined, tight).end).toBe(
      "value",
    );
    expect(run("@{ var s = 0; for (int i = 0; i < 99; i++) s += i; return s; }", undefined, tight).end).toBe(
      "limit",
    );
  });
});
