/** What policies in front of Azure OpenAI do in C#: lists of backends that are throttled, counters, headers, tokens, bodies. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Value } from "../../../../src/core/gateway/expression/values.ts";
import { createBody, HeaderMap } from "../../../../src/core/gateway/message.ts";
import { contextWith, loadGrammar, now, requestWith, responseWith, run, shown } from "./support.ts";

beforeAll(loadGrammar);

const listOfBackends = `@{
  JArray backends = new JArray();
  backends.Add(new JObject()
  {
    { "url", "https://a.example/" }, { "priority", 1 }, { "isThrottling", false }, { "retryAfter", DateTime.MinValue }
  });
  backends.Add(new JObject()
  {
    { "url", "https://b.example/" }, { "priority", 2 }, { "isThrottling", false }, { "retryAfter", DateTime.MinValue }
  });
  return backends;
}`;

const chooseBackend = `@{
  var backends = (JArray)context.Variables["backends"];
  int best = Int32.MaxValue;
  List<int> available = new List<int>();
  for (int i = 0; i < backends.Count; i++)
  {
    JObject backend = (JObject)backends[i];
    if (backend.Value<bool>("isThrottling") && DateTime.Now >= backend.Value<DateTime>("retryAfter"))
    {
      backend["isThrottling"] = false;
      backend["retryAfter"] = DateTime.MinValue;
    }
    if (!backend.Value<bool>("isThrottling"))
    {
      int priority = backend.Value<int>("priority");
      if (priority < best) { best = priority; available.Clear(); available.Add(i); }
      else if (priority == best) { available.Add(i); }
    }
  }
  if (available.Count == 1) return available[0];
  if (available.Count > 0) return available[new Random().Next(0, available.Count)];
  return -1;
}`;

const markThrottled = `@{
  var backends = (JArray)context.Variables["backends"];
  int index = Convert.ToInt32(context.Variables["index"]);
  int retryAfter = Convert.ToInt32(context.Response.Headers.GetValueOrDefault("Retry-After", "-1"));
  if (retryAfter == -1) { retryAfter = Convert.ToInt32(context.Response.Headers.GetValueOrDefault("x-ratelimit-reset-requests", "10")); }
  JObject backend = (JObject)backends[index];
  backend["isThrottling"] = true;
  backend["retryAfter"] = DateTime.Now.AddSeconds(retryAfter);
  return backends;
}`;

function valueOf(text: string, context = contextWith()): Value {
  const result = run(text, context);
  if (result.end !== "value") throw new Error(JSON.stringify(result));
  return result.value;
}

describe("a list of backends that remembers who is throttled", () => {
  it("goes on to the next priority, and back when the time is over", () => {
    let time = now;
    const variables = new Map<string, Value>();
    const sources = {
      now: () => time,
      random: () => 0.5,
      guid: () => "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    };
    const context = contextWith({
      variables,
      sources,
      response: responseWith({ statusCode: 429, headers: new HeaderMap([["Retry-After", "5"]]) }),
    });
    variables.set("backends", valueOf(listOfBackends, context));
    variables.set("index", valueOf(chooseBackend, context));
    expect(variables.get("index")).toBe(0);
    variables.set("backends", valueOf(markThrottled, context));
    variables.set("index", valueOf(chooseBackend, context));
    expect(variables.get("index")).toBe(1);
    expect(
      shown(
        run(
          '@(((JArray)context.Variables["backends"]).Any(b => b["isThrottling"].ToString() == "False"))',
          context,
        ),
      ),
    ).toBe("bool True");
    expect(
      shown(
        run(
          '@((string)((JArray)context.Variables["backends"])[(int)context.Variables["index"]]["url"] + "openai")',
          context,
        ),
      ),
    ).toBe("string https://b.example/openai");
    variables.set("backends", valueOf(markThrottled, context));
    expect(valueOf(chooseBackend, context)).toBe(-1);
    time += 5_000;
    expect(valueOf(chooseBackend, context)).toBe(0);
  });
});

function withBody(body: string, parts = {}) {
  return contextWith({ request: requestWith({ body: createBody(body) }), ...parts });
}

const idioms: [text: string, expected: string][] = [
  [
    '@{ var body = context.Request.Body.As<JObject>(preserveContent: true); if (body["stream"] != null && (bool)body["stream"]) { body["stream_options"] = new JObject(new JProperty("include_usage", true)); } return body.ToString(Newtonsoft.Json.Formatting.None); }',
    'string {"model":"gpt-4o","stream":true,"messages":[{"role":"system","content":"s"},{"role":"user","content":"Hi"}],"stream_options":{"include_usage":true}}',
  ],
  [
    '@(context.Request.Body.As<JObject>(true)["messages"].Where(m => (string)m["role"] == "user").Select(m => (string)m["content"]).FirstOrDefault() ?? "none")',
    "string Hi",
  ],
  [
    '@(context.Request.Body.As<JObject>(true).SelectTokens("$.messages[*].content").Sum(c => c.ToString().Length))',
    "int 3",
  ],
  ['@(((JArray)context.Request.Body.As<JObject>(true)["messages"]).Count)', "int 2"],
  ['@(context.Request.Body.As<JObject>(true)["max_tokens"]?.Value<int>() ?? 16)', "int 16"],
  ['@(context.Request.Body.As<JObject>(true)["stream"]?.ToObject<bool>() ?? false)', "bool True"],
  ['@(context.Request.Body?.As<JObject>(true)?.ContainsKey("tools") == true)', "bool False"],
  ['@("Bearer " + (string)context.Variables["token"])', "string Bearer t0"],
  ['@(context.Variables.ContainsKey("attempt") && (int)context.Variables["attempt"] < 3)', "bool True"],
  ['@((int)context.Variables["attempt"] + 1)', "int 2"],
  ['@(context.Variables.GetValueOrDefault<int>("none", 0) == 0 ? "ptu" : "payg")', "string ptu"],
  [
    '@(context.Response != null && (context.Response.StatusCode == 429 || (context.Response.StatusCode >= 500 && !context.Response.StatusReason.Contains("temporarily unavailable"))))',
    "bool False",
  ],
  [
    '@(context.Request.MatchedParameters["deployment-id"].StartsWith("gpt-4", StringComparison.OrdinalIgnoreCase))',
    "bool True",
  ],
  [
    '@(context.Request.Url.Path.Substring(context.Request.Url.Path.LastIndexOf("/") + 1))',
    "string completions",
  ],
  ["@(new Uri(context.Request.Url.ToString()).Host.Split('.')[0])", "string contoso"],
  [
    '@(string.Join("&", context.Request.Url.Query.Select(q => q.Key + "=" + string.Join(",", q.Value))))',
    "string api-version=2024-10-21&tag=a,b",
  ],
  ['@(context.Subscription?.Id ?? "anonymous")', "string sub-1"],
  [
    "@(context.Request.Headers.GetValueOrDefault(\"x-forwarded-for\", context.Request.IpAddress).Split(',')[0].Trim())",
    "string 203.0.113.7",
  ],
  ['@($"{context.Api.Id}-{context.Operation.Id}:{context.Subscription.Id}")', "string inference-chat:sub-1"],
  [
    '@(new JObject(new JProperty("error", new JObject(new JProperty("code", "429"), new JProperty("message", $"Try again in {5} seconds.")))).ToString(Formatting.None))',
    'string {"error":{"code":"429","message":"Try again in 5 seconds."}}',
  ],
  [
    "@(Convert.ToInt32(Math.Ceiling((DateTime.UtcNow.AddSeconds(2.5) - DateTime.UtcNow).TotalSeconds)).ToString())",
    "string 3",
  ],
  [
    '@{ string[] allowed = new string[] { "gpt-4o", "gpt-35" }; return Array.Exists(allowed, a => a == context.Request.MatchedParameters["deployment-id"]); }',
    "bool True",
  ],
  [
    '@{ var map = new Dictionary<string, string> { { "gpt-4o", "pool-a" } }; string pool; return map.TryGetValue(context.Request.MatchedParameters["deployment-id"], out pool) ? pool : "default"; }',
    "string pool-a",
  ],
  [
    "@{ var parts = JArray.Parse(\"[{'region':'eu','weight':3},{'region':'us','weight':1}]\"); int total = parts.Sum(p => (int)p[\"weight\"]); int roll = new Random().Next(total); foreach (var p in parts) { roll -= p.Value<int>(\"weight\"); if (roll < 0) return p.Value<string>(\"region\"); } return \"none\"; }",
    "string eu",
  ],
  [
    '@{ var usage = JObject.Parse("{\'usage\':{\'prompt_tokens\':10,\'completion_tokens\':5}}")["usage"]; return usage.Value<int>("prompt_tokens") * 0.01m + (decimal)usage["completion_tokens"] * 0.03m; }',
    "decimal 0.25",
  ],
  [
    '@{ var keys = new List<string>(); foreach (var h in context.Request.Headers.OrderBy(h => h.Key)) { if (h.Key.StartsWith("X-")) continue; keys.Add(h.Key.ToLower()); } return String.Join(";", keys); }',
    "string content-type",
  ],
  [
    '@{ var last = "data: {\\"usage\\":{\\"total_tokens\\":7}}\\n\\ndata: [DONE]\\n".Split(\'\\n\').Where(l => l.StartsWith("data: ") && l != "data: [DONE]").Last().Substring(6); return (int)JObject.Parse(last)["usage"]["total_tokens"]; }',
    "int 7",
  ],
  [
    '@(Convert.ToBase64String(new HMACSHA256(Convert.FromBase64String("a2V5")).ComputeHash(Encoding.UTF8.GetBytes("data"))))',
    "string UDH+PZicbRU3oBP6bnOdojRj/a7DtwE32Cjjas4iG9A=",
  ],
];

describe("what policies do", () => {
  it.each(idioms)("%s", (text, expected) => {
    const body =
      '{"model":"gpt-4o","stream":true,"messages":[{"role":"system","content":"s"},{"role":"user","content":"Hi"}]}';
    const variables = new Map<string, Value>([
      ["token", "t0"],
      ["attempt", 1],
    ]);
    expect(shown(run(text, withBody(body, { variables })))).toBe(expected);
  });
});

describe("the failures that are known from the field", () => {
  it("casts a literal variable, which is a string, to int", () => {
    const context = contextWith({ variables: new Map([["remainingBackends", "1"]]) });
    expect(shown(run('@((Int32)context.Variables["remainingBackends"] > 0)', context))).toBe(
      "! InvalidCastException",
    );
  });

  it("parses what has become an int as a string", () => {
    const context = contextWith({ variables: new Map([["remainingBackends", 1]]) });
    expect(shown(run('@(int.Parse((string)context.Variables["remainingBackends"]))', context))).toBe(
      "! InvalidCastException",
    );
    expect(shown(run('@(Convert.ToInt32(context.Variables["remainingBackends"]))', context))).toBe("int 1");
  });
});
