import { beforeAll, describe, expect, it } from "vitest";
import { contextOf, documentWith, findIn, loadGrammar } from "./support.ts";

beforeAll(loadGrammar);

function rulesFor(expression: string): string[] {
  const context = contextOf(documentWith(expression), "rawxml");
  if (context === undefined) throw new Error(`cannot be read: ${expression}`);
  return findIn(context).map(({ rule }) => rule);
}

const valid = [
  `@(true)`,
  `@(context.Subscription?.Name ?? "none")`,
  `@(context.Request.Headers.GetValueOrDefault("a", "").Split(',')[0].Trim())`,
  `@(context.Request.Headers["a"].First())`,
  `@(context.Request.Headers.ContainsKey("a") && context.Request.Headers["a"][0] == "x")`,
  `@(context.Request.Url.Query.GetValueOrDefault("a") == "1")`,
  `@((string)context.Request.Body?.As<JObject>(preserveContent: true)["model"])`,
  `@(context.Request.Body?.As<JObject>(true)?["a"]?["b"]?.Value<string>() ?? "x")`,
  `@((context.Request.Body?.As<JObject>(true)).SelectToken("$.a[0]").ToString(Newtonsoft.Json.Formatting.None))`,
  `@(context.User.Groups.Any(g => g.Name == "admins"))`,
  `@(context.User?.Groups?.Select(group => group.Id).Contains("x") == true)`,
  `@(string.Join(";", context.User.Groups.Select((g, i) => g.Name + i)))`,
  `@(String.IsNullOrEmpty(context.Request.Method))`,
  `@(int.Parse("3") + Int32.Parse("4") > 5)`,
  `@(new JObject(new JProperty("a", 1), new JProperty("b", new JArray("c"))).ToString())`,
  `@(JsonConvert.SerializeObject(new { a = 1, b = context.RequestId }))`,
  `@(new Dictionary<string, object> { { "a", 1 }, ["b"] = 2 }.Count)`,
  `@(new [] { "a", "b" }.Contains(context.Request.Method))`,
  `@(new string[] { "a" }.Length)`,
  `@($"a{context.Api.Id:x}b{{c}}{(context.User == null ? "x" : "y")}")`,
  `@($@"a\\{context.Api.Id}")`,
  `@(@"C:\\dir ""quoted""")`,
  `@("\\u0041\\x41\\t\\\\")`,
  `@('\\'' == '"')`,
  `@('\\u0041'.ToString())`,
  `@(context.Response.StatusCode >= 500 && context.Response.StatusCode < 600)`,
  `@(context.LastError?.Reason == "Timeout")`,
  `@(context.User == null || context.User?.Email == "a")`,
  `@(context.Response.StatusCode == 200 && context.Product?.Name != "Free" && context.Tracing)`,
  `@(context.Tracing && context.Request.Body?.As<JObject>(true)?["a"]?.ToString() == "b")`,
  `@(context.Api.Id is string && context.User?.Email == "a" || context.Tracing)`,
  `@(context.Tracing && (context.User?.Groups?.Count() ?? 0) > 3)`,
  `@((int)context.Variables.GetValueOrDefault<int>("a") == 3)`,
  `@(context.Variables.GetValueOrDefault<IResponse>("r")?.StatusCode == 200)`,
  `@(((IResponse)context.Variables.GetValueOrDefault("r")).Body.As<JObject>().ToString())`,
  `@(context.Variables.ContainsKey("a") ? (string)context.Variables["a"] : null)`,
  `@(context.Request.Headers.GetValueOrDefault("Authorization","").AsJwt()?.Claims.GetValueOrDefault("sub", "x"))`,
  `@(context.Request.Headers.GetValueOrDefault("Authorization","").AsJwt()?.Claims["a"].FirstOrDefault())`,
  `@(context.Request.Headers.GetValueOrDefault("Authorization","").AsBasic()?.UserId)`,
  `@(Convert.ToBase64String(Encoding.UTF8.GetBytes("a")))`,
  `@(DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-ddTHH:mm:ssZ"))`,
  `@((DateTime.UtcNow - new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds)`,
  `@(DateTimeOffset.UtcNow.ToUnixTimeSeconds())`,
  `@(TimeSpan.FromMinutes(5) > context.Elapsed)`,
  `@(context.Timestamp.AddSeconds(3) < DateTime.Now)`,
  `@(Guid.NewGuid().ToString("N"))`,
  `@(context.RequestId == Guid.Empty)`,
  `@(new Random(context.RequestId.GetHashCode()).Next(1, 200))`,
  `@(Regex.Match("a", "(b)").Groups[1].Value)`,
  `@(new Regex("a").IsMatch("b"))`,
  `@(XElement.Parse("<a/>").Descendants().Where(e => e.Name.LocalName == "b").Select(e => e.Value).FirstOrDefault())`,
  `@(context.Deployment.Certificates["x"].GetRSAPrivateKey() == null)`,
  `@(context.Request.Certificate?.VerifyNoRevocation() != true)`,
  `@(context.Deployment.Gateway.Id == "managed")`,
  `@(context.Workspace.Id)`,
  `@(context.GraphQL.Arguments["id"])`,
  `@(context.Product?.Groups.First().Name)`,
  `@(System.Net.WebUtility.UrlEncode("a"))`,
  `@(new System.Security.Cryptography.HMACSHA256(Convert.FromBase64String("a")).ComputeHash(new byte[0]).Length)`,
  `@(System.Text.Encoding.UTF8.GetString(new byte[] { 1 }))`,
  `@(System.Security.Cryptography.SHA256.Create() != null)`,
  `@(Enumerable.Range(0, 3).ToDictionary(x => x, x => "a")[1])`,
  `@((from g in context.User.Groups where g.Id != "a" orderby g.Name select g.Name).First())`,
  `@(context.Operation.Id is string id && id.Length > 3)`,
  `@(int.TryParse("3", out var number) ? number : 0)`,
  `@(int.TryParse("3", out int number) && number == 3)`,
  `@(Tuple.Create(1, "a").Item2)`,
  `@(typeof(string).Name + nameof(context))`,
  `@(default(int) + (1_000) + 0xFF + 1.5e3 + 2L)`,
  `@(true ? (int?)1 : null)`,
  `@(context.Request.Method.Equals("get", StringComparison.OrdinalIgnoreCase))`,
  `@((context.Request.Method ?? "a").ToLower() == "get")`,
  `@("a" + 1 + 'c' == "a1c")`,
  `@('a' == 97)`,
  `@({{named-value}} == 3)`,
  `@("{{named-value}}" == context.Api.Id)`,
  `@(context.Request.Method == "{{method}}")`,
  `@(\${something.tf} > 3)`,
  `@(#{Octopus.Value}# > 3)`,
  `@(__token__ == 3)`,
  `@(TOKEN_NAME == 3)`,
  `@(PORT > 3)`,
  `@{ int? a = 3; bool? b = true; int c = 'x'; string d = null; return a; }`,
  `@{ if (context.User?.Email?.EndsWith("a") == true) { return 1; } return 2; }`,
  `@((DateTime.UtcNow - context.Timestamp).TotalSeconds > 3 && DateTime.UtcNow > context.Timestamp)`,
  `@("abc".Length - 1 > 'a' - 90 && "abc"[0] >= 'a' && context.Elapsed > TimeSpan.FromSeconds(1))`,
  `@(!context.User?.Email?.EndsWith("a") == true)`,
  `@("a,b".Split(',', ';')[0] + "a".Split(new[] { "b" }, StringSplitOptions.None)[0])`,
  `@{ if (context.Tracing) { var a = 1; return a; } else { var a = "b"; return a; } }`,
  `@(context.Request.Headers["a"].Contains("b") && context.Request.Headers["a"].First().StartsWith("c"))`,
  `@("$(x)" == $(y))`,
  `@(context.Response.StatusCode == {0})`,
  `@($"a{(string)context.Variables[&quot;a&quot;]}" + context.Request.Body?.As<string>(true))`,
  `@(checked(1 + 2))`,
  `@((Func<string, string>)(s => s))`,
  `@(((Func<int, int>)(delegate(int x) { return x; }))(3))`,
  `@(context.Variables.Select(v => v.Key + v.Value).Count())`,
  `@(new XDocument(new XElement("a", new XAttribute("b", "c"))).Root.Name.LocalName)`,
  `@(context.Request.Url.Path.Substring(0, 3) /* comment */ + "a" // end\n)`,
  `@{ return 1; }`,
  `@{ var a = "b"; return a; }`,
  `@{ if (context.User == null) return 1; else { return 2; } }`,
  `@{ while (true) { if (context.User == null) { return 1; } } }`,
  `@{ for (;;) { return 1; } }`,
  `@{ for (int i = 0; i < 3; i++) { if (i == 2) continue; } return "x"; }`,
  `@{ switch (context.Request.Method) { case "GET": case "PUT": return 1; default: throw new Exception("a"); } }`,
  `@{ switch (context.Request.Method) { case "GET": { if (context.Tracing) { return 1; } else { return 2; } } default: return 3; } }`,
  `@{ try { return 1; } catch (Exception e) { return e.Message; } finally { context.Trace("a"); } }`,
  `@{ try { throw new Exception(); } catch { return 2; } }`,
  `@{ using (var rsa = context.Request.Certificate.GetRSAPrivateKey()) { return rsa.KeySize; } }`,
  `@{ foreach (var header in context.Request.Headers) { if (header.Value.Length > 1) return header.Key; } return null; }`,
  `@{ int F(int x) { return x + 1; } return F(2); }`,
  `@{ Func<int, int> f = x => { return x; }; return f(1); }`,
  `@{ do { return 1; } while (true); }`,
  `@{ const int limit = 3; string[] parts = {"a", "b"}; parts[0] = "c"; return parts.Length > limit; }`,
  `@{ JObject body = context.Request.Body?.As<JObject>(true); body["a"] = 1; body.Remove("b"); return body.ToString(); }`,
  `@{ string a = null; a = a ?? "x"; a += "y"; return a; }`,
  `@{ List<string> list = new List<string>(); list.Add("a"); return string.Join(",", list.ToArray()); }`,
  `@{ BasicAuthCredentials c; return "a".TryParseBasic(out c) ? c.UserId : ""; }`,
  `@{ Jwt jwt; if ("a".TryParseJwt(out jwt)) { return jwt.Issuer == "x"; } return false; }`,
  `@{ var response = (IResponse)context.Variables.GetValueOrDefault<IResponse>("r"); return response.Body.As<JObject>()["a"].ToString(); }`,
  `@{ goto done; done: return 1; }`,
  `@{ int a = 1, b = 2; return a + b; }`,
  `@{ var (a, b) = (1, 2); return a + b; }`,
  `@{ object o = 1; switch (o) { case int i when i > 0: return i; case string s: return s; default: return null; } }`,
  `@{ if (true) { return 1; } }`,
  `@{ lock (context) { return 1; } }`,
  `@{ return; }`.replace("return;", "return null;"),
  `@{\n // a comment with 'several quotes\n return "a"; /* ' */\n}`,
  `@{ byte[] bytes = new byte[4]; bytes[0]++; return BitConverter.ToInt32(bytes, 0); }`,
  `@{ IEnumerable<string> names = context.User.Groups.Select(x => x.Name); return names.Count(); }`,
  `@{ TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("UTC"); TimeZoneInfo.AdjustmentRule[] rules = zone.GetAdjustmentRules(); return rules.Length; }`,
];

const invalid: readonly (readonly [string, string])[] = [
  [`@()`, "expression-not-a-value"],
  [`@( /* nothing */ )`, "expression-not-a-value"],
  [`@(return 1)`, "expression-not-a-value"],
  [`@(context.Request.Method;)`, "expression-not-a-value"],
  [`@(if (true) { return 1; })`, "expression-not-a-value"],
  [`@(1 +)`, "expression-syntax"],
  [`@("a" "b")`, "expression-syntax"],
  [`@(context..Request)`, "csharp-too-new"],
  [`@(context.Request.Method = = "GET")`, "expression-syntax"],
  [`@(a ? b)`, "expression-syntax"],
  [`@{ return 1 }`, "expression-syntax"],
  [`@{ var x = ; return x; }`, "expression-syntax"],
  [`@{ "text"; return 1; }`, "expression-syntax"],
  [`@{ if (context.Tracing { return 1; } }`.replace("{ return 1; }", ") return 1;"), "block-without-return"],
  [`@{ }`, "block-without-return"],
  [`@{ var x = 1; }`, "block-without-return"],
  [`@{ return; }`, "block-without-return"],
  [`@{ while (context.Tracing) { return 1; } }`, "block-without-return"],
  [`@{ while (true) { break; } }`, "block-without-return"],
  [`@{ foreach (var x in context.User.Groups) { return 1; } }`, "block-without-return"],
  [`@{ switch (context.Request.Method) { case "GET": return 1; } }`, "block-without-return"],
  [`@{ switch (context.Request.Method) { case "GET": break; default: return 1; } }`, "block-without-return"],
  [`@{ try { return 1; } catch (Exception) { } }`, "block-without-return"],
  [`@{ Func<int> f = () => { return 1; }; }`, "block-without-return"],
  [`@(context.Request.Method == '')`, "character-literal-too-long"],
  [`@('ab')`, "character-literal-too-long"],
  [`@(Regex.IsMatch("a", "\\d"))`, "string-escape-unknown"],
  [`@(System.IO.File.ReadAllText("a"))`, "type-not-allowed"],
  [`@(File.ReadAllText("a"))`, "type-not-allowed"],
  [`@(new HttpClient())`, "type-not-allowed"],
  [`@(Environment.MachineName)`, "type-not-allowed"],
  [`@{ Thread.Sleep(3); return 1; }`, "type-not-allowed"],
  [`@{ XmlDocument d = null; return d; }`, "type-not-allowed"],
  [`@(new List<MemoryStream>())`, "type-not-allowed"],
  [`@(new Foo())`, "type-not-allowed"],
  [`@(DateTime.TryParse("a", out var d))`, "member-not-allowed"],
  [`@(System.DateTime.ParseExact("a", "b", null))`, "member-not-allowed"],
  [`@(XDocument.Load("a"))`, "member-not-allowed"],
  [`@(Regex.Escape("a"))`, "member-not-allowed"],
  [`@(JsonConvert.PopulateObject("a", null))`, "member-not-allowed"],
  [`@(context.Principal)`, "unknown-context-member"],
  [`@(context.Request.Header["a"])`, "unknown-context-member"],
  [`@(context.Request.Url.Pth)`, "unknown-context-member"],
  [`@(context.Response?.Status)`, "unknown-context-member"],
  [`@(context.User.Name)`, "unknown-context-member"],
  [`@{ var request = context.Request; return request.Verb; }`, "unknown-context-member"],
  [`@(((IResponse)context.Variables["a"]).Status)`, "unknown-context-member"],
  [`@("a".AsJwt().Foo)`, "unknown-context-member"],
  [`@(context.Request.Headers("a"))`, "context-property-called"],
  [`@(context.Request.Method())`, "context-property-called"],
  [`@{ context.Request.Method = "GET"; return 1; }`, "context-assignment"],
  [`@{ context.Variables["a"] = 1; return 1; }`, "context-assignment"],
  [`@(userId == "a")`, "unknown-name"],
  [`@(JSON.parse("{}"))`, "unknown-name"],
  [`@{ dynamic d = 1; return d.Anything; }`, "dynamic-value"],
  [`@(context.Request.Body?.As<dynamic>(true)?.model)`, "dynamic-value"],
  [`@{ int a = "b"; return a; }`, "type-mismatch"],
  [`@{ int a = context.Response?.StatusCode; return a; }`, "type-mismatch"],
  [`@{ string a = context.Request.Headers["a"]; return a; }`, "type-mismatch"],
  [`@{ if (context.Request.Method) { return 1; } return 2; }`, "type-mismatch"],
  [`@(context.Request.Method ? 1 : 2)`, "type-mismatch"],
  [`@(context.Request.Headers.GetValueOrDefault("a", "0") > 3)`, "type-mismatch"],
  [`@("a" * 3)`, "type-mismatch"],
  [`@("a,b".Split(",")[0])`, "type-mismatch"],
  [`@{ var a = 1; if (context.Tracing) { return a; } string a = "b"; return a; }`, "variable-declared-twice"],
  [`@(!context.Request.Method)`, "type-mismatch"],
  [`@(context.Request.Body["model"])`, "type-mismatch"],
  [`@(context.Request.Headers["a"].StartsWith("b"))`, "unknown-member"],
  [`@(context.Tracing && context.User?.Email.Length)`, "type-mismatch"],
  [`@(Context.User.Id)`, "unknown-name"],
  [`@(doSomething())`, "unknown-name"],
  [`@(context.Response.StatusCode == "429")`, "comparison-never-holds"],
  [`@(context.Request.Method == 5)`, "comparison-never-holds"],
  [`@("GET" != context.RequestId)`, "comparison-never-holds"],
  [`@(context.Request.Method == 'x')`, "comparison-never-holds"],
  [`@(context.Request.Method == "get")`, "comparison-never-holds"],
  [`@(context.Response.StatusCode == 42)`, "comparison-never-holds"],
  [`@(context.Variables["a"] == "b")`, "variable-compared-by-reference"],
  [`@(context.Request.Headers.Get("a"))`, "unknown-member"],
  [`@(context.Request.Method.toLowerCase())`, "unknown-member"],
  [`@(context.Variables["a"].StatusCode == 200)`, "value-needs-cast"],
  [`@(context.Variables["a"]?.Body)`, "value-needs-cast"],
  [`@(context.Variables["a"]["b"])`, "value-needs-cast"],
  [`@(context.Variables["a"] > 3)`, "value-needs-cast"],
  [`@(!context.Variables["a"])`, "value-needs-cast"],
  [`@(context.Variables["a"] ? 1 : 2)`, "value-needs-cast"],
  [`@{ string a = context.Variables["a"]; return a; }`, "value-needs-cast"],
  [`@(int.Parse(context.Variables["a"]) + 1)`, "value-needs-cast"],
  [`@(context.Request.Headers["a"] == "b")`, "comparison-never-holds"],
  [`@(context.Tracing && context.User?.Email == 3)`, "comparison-never-holds"],
  [`@(context.Variables["b"])`, "variable-never-set"],
  [`@(context.Request.Body.As<string>(true))`, "body-read-without-guard"],
  [`@(context.Request.Body?.As<string>())`, "body-read-consumes"],
  [`@(context.LastError.Message)`, "null-dereference-certain"],
  [`@(context.Request.Method switch { "a" => 1, _ => 2 })`, "csharp-too-new"],
  [`@{ string a = null; a ??= "b"; return a; }`, "csharp-too-new"],
  [`@("abc"[^1])`, "csharp-too-new"],
  [`@(context.User is not null)`, "csharp-too-new"],
  [`@{ using var rsa = RSA.Create(); return 1; }`, "csharp-too-new"],
];

describe("expressions", () => {
  it.each(valid)("takes %s", (expression) => {
    expect(rulesFor(expression)).toEqual([]);
  });

  it.each(invalid)("finds in %s: %s", (expression, rule) => {
    expect(rulesFor(expression)).toContain(rule);
  });
});

describe("what a condition gives", () => {
  const marked = (condition: string): string[] => {
    const context = contextOf(
      `<policies><inbound><choose><when condition="${condition}"><base /></when></choose></inbound></policies>`,
      "rawxml",
    );
    if (context === undefined) throw new Error(`cannot be read: ${condition}`);
    return findIn(context).flatMap((found) => (found.rule === "condition-not-boolean" ? [found.marked] : []));
  };

  it.each([
    [`@(context.Request.Method)`, ["context.Request.Method"]],
    [`@("true")`, [`"true"`]],
    [`@(context.User == null ? 1 : 2)`, ["context.User == null ? 1 : 2"]],
    [`@{ if (context.User == null) { return 0; } return true; }`, ["0"]],
    [`@(context.Request.Method == "GET")`, []],
    [`@(context.Variables["a"])`, []],
    [`@(context.Variables.GetValueOrDefault<bool>("a"))`, []],
    [`@{ Func<int, int> one = a => { return 1; }; return one(2) == 1; }`, []],
    [`{{condition}}`, []],
  ])("%s", (condition, expected) => expect(marked(condition)).toEqual(expected));
});

describe("a variable that is read", () => {
  const set = `<set-variable name="a" value="1" />`;
  const read = `<set-header name="x"><value>@((string)context.Variables["a"])</value></set-header>`;
  const document = (...sections: readonly (string | undefined)[]): string => {
    const names = ["inbound", "backend", "outbound", "on-error"];
    const written = sections.map((content, index) =>
      content === undefined ? "" : `<${names[index] ?? ""}>${content}</${names[index] ?? ""}>`,
    );
    return `<policies>${written.join("")}</policies>`;
  };
  const severities = (text: string, scope?: "global"): (string | undefined)[] => {
    const context = contextOf(text, "rawxml", { scope });
    if (context === undefined) throw new Error("cannot be read");
    return findIn(context).flatMap(({ rule, severity }) => (rule === "variable-never-set" ? [severity] : []));
  };

  it.each([
    ["is set before", document(set + read, "<base />", "<base />"), []],
    ["is set in a section before", document(set, "<base />", read), []],
    ["is set nowhere", document(read, "", ""), ["warning"]],
    ["is set in a later section only", document(read, "", set), ["warning"]],
    ["may be set by a broader scope", document(`<base />${read}`, "", ""), ["info"]],
    ["may be set by a broader scope in a section before", document("<base />", "", read), ["info"]],
    [
      "may be set by a broader scope in a section that is not written",
      document(undefined, "", read),
      ["info"],
    ],
    ["cannot be set by what runs later", document(read, "<base />", "<base />"), ["warning"]],
    ["may be set anywhere before an error", document("", "", set, read), []],
  ])("%s", (_, text, found) => {
    expect(severities(text)).toEqual(found);
  });

  it("has no broader scope at global scope", () => {
    expect(severities(document(`<base />${read}`, "", ""), "global")).toEqual(["warning"]);
  });
});
