/** Newtonsoft's JSON, LINQ to XML. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadGrammar, run, shown } from "./support.ts";

beforeAll(loadGrammar);

type Case = [code: string, expected: string];

const reading: Case[] = [
  ["(string)JObject.Parse(\"{'a': 'x'}\")[\"a\"]", "string x"],
  ['(int)JObject.Parse("{a: 1, /* c */ b: 2,}")["b"]', "int 2"],
  ['(int)JObject.Parse("{a: 0x1F} // end")["a"]', "int 31"],
  ['JArray.Parse("[1, 2, 3,]").Count', "int 3"],
  ['(string)JArray.Parse("[\'it\\\\\'s\', \\"a\\\\u0041\\"]")[1]', "string aA"],
  ['JObject.Parse("[]")', "! Newtonsoft.Json.JsonReaderException"],
  ['JArray.Parse("{}")', "! Newtonsoft.Json.JsonReaderException"],
  ['JObject.Parse("")', "! Newtonsoft.Json.JsonReaderException"],
  ['JObject.Parse("{a:1} x")', "! Newtonsoft.Json.JsonReaderException"],
  ['JObject.Parse("{a 1}")', "! Newtonsoft.Json.JsonReaderException"],
  ['JObject.Parse("{a: hello}")', "! Newtonsoft.Json.JsonReaderException"],
  ["JObject.Parse(null)", "! ArgumentNullException"],
  ['JToken.Parse("5").Type', "JTokenType Integer"],
  ['JToken.Parse("1.5").Type.ToString()', "string Float"],
  ["JToken.Parse(\"'2026-01-02T03:04:05Z'\").Type", "JTokenType Date"],
  ["JToken.Parse(\"'2026-01-02'\").Type", "JTokenType String"],
  ['JToken.Parse("null").Type == JTokenType.Null', "bool True"],
  ['JObject.Parse("{a:1}")["b"]', "null"],
  ['JObject.Parse("{a:1}")["b"] == null', "bool True"],
  ['JObject.Parse("{a:null}")["a"] == null', "bool False"],
  ['(string)JObject.Parse("{a:null}")["a"]', "null"],
  ['(int)JObject.Parse("{a:null}")["a"]', "! ArgumentException"],
  ['(int?)JObject.Parse("{a:null}")["a"]', "null"],
  ['(int)JObject.Parse("{}")["a"]', "! ArgumentNullException"],
  ['(int?)JObject.Parse("{}")["a"] ?? 7', "int 7"],
  ['(string)JObject.Parse("{}")["a"] ?? "d"', "string d"],
  ['(int)JObject.Parse("{a:\'12\'}")["a"]', "int 12"],
  ['(int)JObject.Parse("{a:\'x\'}")["a"]', "! FormatException"],
  ['(int)JObject.Parse("{a:2.5}")["a"]', "int 2"],
  ['(bool)JObject.Parse("{a:true}")["a"]', "bool True"],
  ['(bool)JObject.Parse("{a:\'true\'}")["a"]', "bool True"],
  ['(string)JObject.Parse("{a:true}")["a"]', "string True"],
  ['(string)JObject.Parse("{a:1.0}")["a"]', "string 1"],
  ['(double)JObject.Parse("{a:1}")["a"]', "double 1"],
  ['(string)JObject.Parse("{a:{}}")["a"]', "! ArgumentException"],
  ['(string)JObject.Parse("{a:\'2026-01-02T03:04:05Z\'}")["a"]', "string 01/02/2026 03:04:05"],
  ['((DateTime)JObject.Parse("{a:\'2026-01-02T03:04:05Z\'}")["a"]).Year', "int 2026"],
  ['JObject.Parse("{a:\'x\'}")["a"] == "x"', "bool False"],
  ['JObject.Parse("{a:\'x\'}")["a"].ToString() == "x"', "bool True"],
  ['JObject.Parse("{a:5}")["a"] == 5', "refused 1:3"],
  ['JObject.Parse("{a:\'x\'}").Value<string>("a")', "string x"],
  ['JObject.Parse("{a:\'5\'}").Value<int>("a")', "int 5"],
  ['JObject.Parse("{}").Value<int>("a")', "int 0"],
  ['JObject.Parse("{}").Value<string>("a")', "null"],
  ['JObject.Parse("{a:null}").Value<string>("a")', "null"],
  ['JObject.Parse("{a:null}").Value<int>("a")', "! InvalidCastException"],
  ['JObject.Parse("{a:[1]}").Value<JArray>("a").Count', "int 1"],
  ['JObject.Parse("{a:{}}").Value<string>("a")', "! InvalidCastException"],
  ['JToken.Parse("5").Value<long>()', "long 5"],
  ['JObject.Parse("{a:1}")["a"]["b"]', "! InvalidOperationException"],
  ['JObject.Parse("{a:1}")[0]', "! ArgumentException"],
  ['JArray.Parse("[1]")["a"]', "! ArgumentException"],
  ['JArray.Parse("[1]")[1]', "! ArgumentOutOfRangeException"],
  ['JObject.Parse("{a:{b:[{c:1},{c:2}]}}").SelectToken("a.b[1].c").ToString()', "string 2"],
  ['JObject.Parse("{a:1}").SelectToken("x.y")', "null"],
  ['JObject.Parse("{a:{b:[{c:1},{c:2}]}}").SelectTokens("$.a.b[*].c").Count()', "int 2"],
  ['JObject.Parse("{a:{b:[{c:1},{c:2}]}}").SelectTokens("$..c").Sum(t => (int)t)', "int 3"],
  ["(int)JObject.Parse(\"{l:[{n:'a',v:1},{n:'b',v:2}]}\").SelectToken(\"$.l[?(@.n == 'b')].v\")", "int 2"],
  ["(int)JObject.Parse(\"{'a b':1}\").SelectToken(\"['a b']\")", "int 1"],
  ['JObject.Parse("{a:1}").SelectToken("b", true)', "! Newtonsoft.Json.JsonException"],
  ['JObject.Parse("{a:1,b:2}").Properties().Select(p => p.Name).Last()', "string b"],
  ['JObject.Parse("{a:1}").ContainsKey("a")', "bool True"],
  ['JObject.Parse("{A:1}").GetValue("a", StringComparison.OrdinalIgnoreCase).ToString()', "string 1"],
  ['JObject.Parse("{a:{b:1}}")["a"]["b"].Path', "string a.b"],
  ['JArray.Parse("[1,2]").Select(t => (int)t).Sum()', "int 3"],
  ["JArray.Parse(\"['a','b']\").Values<string>().Last()", "string b"],
  ["JArray.Parse(\"['a','b']\").ToObject<string[]>().Length", "int 2"],
  ['JArray.Parse("[1,2]").ToObject<List<int>>().Sum()', "int 3"],
  ['JObject.Parse("{a:\'b\'}").ToObject<Dictionary<string, string>>()["a"]', "string b"],
  ['JsonConvert.DeserializeObject<JObject>("{a:1}")["a"].ToString()', "string 1"],
  ['JsonConvert.DeserializeObject<int>("5")', "int 5"],
  ['JsonConvert.DeserializeObject("")', "null"],
  ['JArray.Parse("[1]").First.Type', "JTokenType Integer"],
  ['JObject.Parse("{a:1,a:2}")["a"].ToString()', "string 2"],
];

const writing: Case[] = [
  [
    'JObject.Parse("{a:1,b:[1,{c:null}],d:{},e:[]}").ToString()',
    'string {\r\n  "a": 1,\r\n  "b": [\r\n    1,\r\n    {\r\n      "c": null\r\n    }\r\n  ],\r\n  "d": {},\r\n  "e": []\r\n}',
  ],
  ["JObject.Parse(\"{a:1,b:[true,'x']}\").ToString(Formatting.None)", 'string {"a":1,"b":[true,"x"]}'],
  ['JObject.Parse("{a:1}").ToString(Newtonsoft.Json.Formatting.None)', 'string {"a":1}'],
  ["JToken.Parse(\"'x'\").ToString()", "string x"],
  ["JToken.Parse(\"'x'\").ToString(Formatting.None)", 'string "x"'],
  ['JToken.Parse("true").ToString()', "string True"],
  ['JToken.Parse("null").ToString()', "string "],
  [
    'new JObject(new JProperty("a", 1), new JProperty("b", new JArray(1, "x", null))).ToString(Formatting.None)',
    'string {"a":1,"b":[1,"x",null]}',
  ],
  ['new JObject { { "a", 1 }, { "b", "x" } }.ToString(Formatting.None)', 'string {"a":1,"b":"x"}'],
  ['new JObject { ["a"] = 1.0 }.ToString(Formatting.None)', 'string {"a":1.0}'],
  ['new JObject { { "a", 1 }, { "a", 2 } }', "! ArgumentException"],
  ["new JArray(new[] { 1, 2 }).ToString(Formatting.None)", "string [1,2]"],
  [
    'new JArray(new[] { "a" }.Select(s => new JObject(new JProperty("n", s)))).ToString(Formatting.None)',
    'string [{"n":"a"}]',
  ],
  [
    'JsonConvert.SerializeObject(new { a = 1, b = "x\\n\\"", c = new[] { 1.5 }, d = (string)null })',
    'string {"a":1,"b":"x\\n\\"","c":[1.5],"d":null}',
  ],
  [
    'JsonConvert.SerializeObject(new Dictionary<string, object> { { "a", 1 } }, Formatting.Indented)',
    'string {\r\n  "a": 1\r\n}',
  ],
  ['JsonConvert.SerializeObject("ä\\u2028</")', 'string "ä\\u2028</"'],
  ["JsonConvert.SerializeObject(DateTime.UtcNow)", 'string "2026-11-27T12:30:15.25Z"'],
  ["JsonConvert.SerializeObject(1.0m)", "string 1.0"],
  [
    'JArray.Parse("[9007199254740993, 18446744073709551615, 100000000000000000001]").ToString(Formatting.None)',
    "string [9007199254740993,18446744073709551615,100000000000000000001]",
  ],
  ['(long)JArray.Parse("[100000000000000000001]")[0]', "! OverflowException"],
  ["JsonConvert.SerializeObject(0.1 + 0.2)", "string 0.30000000000000004"],
  ["JsonConvert.SerializeObject(new byte[] { 1, 2 })", 'string "AQI="'],
  ["JsonConvert.SerializeObject(Guid.Empty)", 'string "00000000-0000-0000-0000-000000000000"'],
  ["JsonConvert.SerializeObject(TimeSpan.FromSeconds(1))", 'string "00:00:01"'],
  ["JsonConvert.SerializeObject(null)", "string null"],
  ["JToken.FromObject(new[] { 1 }).Type", "JTokenType Array"],
  ['JObject.FromObject(new { a = 1 })["a"].ToString()', "string 1"],
  ["JObject.FromObject(new[] { 1 })", "! ArgumentException"],
  ['JToken.DeepEquals(JObject.Parse("{a:1,b:2}"), JObject.Parse("{b:2,a:1}"))', "bool True"],
  [
    '@{ var o = JObject.Parse("{a:1}"); o["b"] = "x"; o["a"] = 2; return o.ToString(Formatting.None); }',
    'string {"a":2,"b":"x"}',
  ],
  [
    '@{ var o = JObject.Parse("{a:1,b:2}"); o.Remove("a"); o.Property("b").Remove(); o.Add("c", 3); return o.ToString(Formatting.None); }',
    'string {"c":3}',
  ],
  [
    '@{ var o = JObject.Parse("{a:[1,2]}"); ((JArray)o["a"]).Add(3); o["a"][0].Remove(); return o.ToString(Formatting.None); }',
    'string {"a":[2,3]}',
  ],
  [
    '@{ var o = JObject.Parse("{a:{x:1}}"); o.Merge(JObject.Parse("{a:{y:2},b:3}")); return o.ToString(Formatting.None); }',
    'string {"a":{"x":1,"y":2},"b":3}',
  ],
  [
    '@{ var a = JObject.Parse("{x:1}"); var b = new JObject(); b["a"] = a; b["c"] = a; b["c"]["x"] = 2; return (int)b["a"]["x"]; }',
    "int 1",
  ],
  ['@{ foreach (var p in JObject.Parse("{a:1}")) { return p.Key + p.Value; } return ""; }', "string a1"],
  [
    '@{ foreach (JProperty p in JObject.Parse("{a:1}").Properties()) { p.Value = 5; return p.ToString(); } return ""; }',
    'string "a": 5',
  ],
  ['@{ JToken t; return JObject.Parse("{a:1}").TryGetValue("a", out t) ? t.ToString() : ""; }', "string 1"],
];

const xml: Case[] = [
  ['XDocument.Parse("<a><b>1</b><b>2</b></a>").Root.Elements("b").Count()', "int 2"],
  ['XElement.Parse("<a x=\'1\'/>").Attribute("x").Value', "string 1"],
  ['XElement.Parse("<a/>").Attribute("x")?.Value', "null"],
  ['(string)XElement.Parse("<a><b>x</b></a>").Element("b")', "string x"],
  ['(int)XElement.Parse("<a>5</a>")', "int 5"],
  [
    'XDocument.Parse("<s:a xmlns:s=\'urn:s\'><s:b>1</s:b></s:a>").Descendants(XName.Get("b", "urn:s")).First().Value',
    "string 1",
  ],
  [
    'new XElement("a", new XAttribute("x", 1), new XElement("b", "<")).ToString()',
    'string <a x="1">\r\n  <b>&lt;</b>\r\n</a>',
  ],
  ['XDocument.Parse("<a>")', "! System.Xml.XmlException"],
  ['XElement.Parse("<a><b/></a>").Descendants().First().Name.LocalName', "string b"],
];

function whole(code: string): string {
  return code.startsWith("@") ? code : `@(${code})`;
}

describe.each([
  ["reading JSON", reading],
  ["writing JSON", writing],
  ["XML", xml],
])("%s", (_, cases) => {
  it.each(cases)("%s is %s", (code, expected) => {
    expect(shown(run(whole(code)))).toBe(expected);
  });
});

describe("Newtonsoft's messages", () => {
  it.each([
    [
      '@(JObject.Parse("[1]"))',
      "Error reading JObject from JsonReader. Current JsonReader item is not an object: StartArray. Path '', line 1, position 1.",
    ],
    [
      '@(JObject.Parse("{a: hello}"))',
      "Unexpected character encountered while parsing value: h. Path 'a', line 1, position 4.",
    ],
    ['@((int)JToken.Parse("null"))', "Can not convert Null to Int32."],
  ])("%s", (text, message) => {
    expect(run(text)).toMatchObject({ message });
  });
});
