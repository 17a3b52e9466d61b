/** Numbers, operators, casts and texts of numbers as C# 7 and the .NET Framework have them. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadGrammar, run, shown, withVariables } from "./support.ts";
import { NumberValue } from "../../../../src/core/gateway/expression/values.ts";
import { parseDate } from "../../../../src/core/gateway/expression/format/date-parse.ts";

beforeAll(loadGrammar);

const variables = {
  int: 5,
  zero: 0,
  long: 5n,
  text: "5",
  flag: true,
  nothing: null,
  double: new NumberValue("double", 2.5),
  date: parseDate("2026-01-02")!,
};

const arithmetic: [code: string, expected: string][] = [
  ["1 + 2", "int 3"],
  ["7 / 2", "int 3"],
  ["-7 / 2", "int -3"],
  ["-7 % 3", "int -1"],
  ["7 / 2.0", "double 3.5"],
  ["1 / 3.0", "double 0.333333333333333"],
  ["0.1 + 0.2", "double 0.3"],
  ["1.0 / 0", "double Infinity"],
  ["0.0 / 0", "double NaN"],
  ['1 / (int)context.Variables["zero"]', "! DivideByZeroException"],
  ["1 % 0L", "! DivideByZeroException"],
  ["1m / 0", "! DivideByZeroException"],
  ["int.MaxValue", "int 2147483647"],
  ["unchecked(int.MaxValue + 1)", "int -2147483648"],
  ['checked(int.MaxValue + (int)context.Variables["int"])', "! OverflowException"],
  ["int.MaxValue * 2", "int -2"],
  ["65536 * 65536", "int 0"],
  ["int.MaxValue + 1L", "long 2147483648"],
  ["long.MaxValue + 1", "long -9223372036854775808"],
  ["2147483648", "uint 2147483648"],
  ["4294967296", "long 4294967296"],
  ["9223372036854775808", "ulong 9223372036854775808"],
  ["-2147483648", "int -2147483648"],
  ["0x1F + 0b11 + 1_000", "int 1034"],
  ["1u - 2", "uint 4294967295"],
  ["-1u", "long -1"],
  ["(byte)1 + (byte)2", "int 3"],
  ["'a' + 1", "int 98"],
  ["(char)('a' + 1)", "char b"],
  ["'a' + \"b\"", "string ab"],
  ["1.10m + 2.2m", "decimal 3.30"],
  ["1.0m * 2", "decimal 2.0"],
  ["1m / 3", "decimal 0.3333333333333333333333333333"],
  ["10m / 4", "decimal 2.5"],
  ["1.5f + 1", "float 2.5"],
  ["1e3", "double 1000"],
  ["1e20", "double 1E+20"],
  ["0.00001", "double 1E-05"],
  ["0.0001", "double 0.0001"],
  ["123456789012345678.0", "double 1.23456789012346E+17"],
  ["5 & 3", "int 1"],
  ["5 | 3", "int 7"],
  ["5 ^ 3", "int 6"],
  ["~5", "int -6"],
  ["1 << 33", "int 2"],
  ["1L << 33", "long 8589934592"],
  ["-8 >> 1", "int -4"],
  ["true ^ true", "bool False"],
  ["true & false", "bool False"],
  ["!true", "bool False"],
  ["1 < 2L", "bool True"],
  ["1 == 1.0", "bool True"],
  ["'a' == 97", "bool True"],
  ["double.NaN == double.NaN", "bool False"],
  ["true ? 1 : 2.0", "double 1"],
  ["1 + 2 * 3 - 4 / 2", "int 5"],
  ["(1 + 2) * 3", "int 9"],
  ['1 + 2 + "a" + 1 + 2', "string 3a12"],
  ["\"a\" + null + 1.5 + true + 'c'", "string a1.5Truec"],
  ['null + "a"', "string a"],
  ['"a" == "A"', "bool False"],
  ["default(int)", "int 0"],
  ['default(string) ?? "d"', "string d"],
  ["default(int?)", "null"],
  ['null ?? "x"', "string x"],
  ["(int?)null > 1", "bool False"],
  ["(int?)null + 1", "null"],
  ['(5, "a").Item2', "string a"],
  ["nameof(context.Request)", "string Request"],
  ["typeof(int).FullName", "string System.Int32"],
  ["1.GetType().Name", "string Int32"],
];

const casts: [code: string, expected: string][] = [
  ["(int)3.99", "int 3"],
  ["(int)-3.99", "int -3"],
  ["(int)3.5m", "int 3"],
  ["(int)3000000000L", "int -1294967296"],
  ["(byte)300", "byte 44"],
  ["(double)1 / 2", "double 0.5"],
  ["(decimal)1.1", "decimal 1.1"],
  ["(int)'a'", "int 97"],
  ["(long)1", "long 1"],
  ['(int)(long)context.Variables["long"]', "int 5"],
  ['(int)context.Variables["int"] + 1', "int 6"],
  ['(long)context.Variables["int"]', "! InvalidCastException"],
  ['(int)context.Variables["long"]', "! InvalidCastException"],
  ['(int)context.Variables["text"]', "! InvalidCastException"],
  ['(string)context.Variables["int"]', "! InvalidCastException"],
  ['(double)context.Variables["double"]', "double 2.5"],
  ['(int)context.Variables["double"]', "! InvalidCastException"],
  ['(string)context.Variables["text"]', "string 5"],
  ['(string)context.Variables["nothing"]', "null"],
  ['(int)context.Variables["nothing"]', "! NullReferenceException"],
  ['(int?)context.Variables["nothing"]', "null"],
  ['(int?)context.Variables["int"]', "int 5"],
  ["(object)1 as string", "null"],
  ['(context.Variables["text"] as string)?.Length', "int 1"],
  ['context.Variables["int"] is int', "bool True"],
  ['context.Variables["int"] is long', "bool False"],
  ['context.Variables["nothing"] is string', "bool False"],
  ['context.Variables["nothing"] is null', "bool True"],
  ['context.Variables["int"] is int n && n > 4', "bool True"],
  ['context.Variables["int"] is object', "bool True"],
  ['context.Variables["text"] == "5"', "bool False"],
  ['context.Variables["nothing"] == null', "bool True"],
  ['context.Variables["int"] == 5', "refused 1:3"],
  ['context.Variables["text"].Equals("5")', "bool True"],
  ['context.Variables["int"].Equals(5)', "bool True"],
  ['context.Variables["int"].Equals(5L)', "bool False"],
  ['context.Variables["int"].ToString()', "string 5"],
  ['context.Variables["missing"]', "! System.Collections.Generic.KeyNotFoundException"],
  ['Convert.ToInt32(context.Variables["text"])', "int 5"],
  ['Convert.ToInt32(context.Variables["nothing"])', "int 0"],
  ["Convert.ToInt32(2.5)", "int 2"],
  ["Convert.ToInt32(3.5)", "int 4"],
  ["Convert.ToInt32(-2.5m)", "int -2"],
  ['Convert.ToInt32("x")', "! FormatException"],
  ['Convert.ToInt32("")', "! FormatException"],
  ["Convert.ToInt32(3000000000L)", "! OverflowException"],
  ['Convert.ToInt32("ff", 16)', "int 255"],
  ["Convert.ToInt32(true)", "int 1"],
  ['Convert.ToBoolean("TRUE ")', "bool True"],
  ['Convert.ToBoolean("yes")', "! FormatException"],
  ["Convert.ToBoolean(2)", "bool True"],
  ["Convert.ToString(255, 2)", "string 11111111"],
  ['Convert.ToDouble("1,234.5")', "double 1234.5"],
  ['Convert.ToDateTime("2026-01-02").Day', "int 2"],
  ['int.Parse(" 12 ")', "int 12"],
  ['int.Parse("1.5")', "! FormatException"],
  ["int.Parse(null)", "! ArgumentNullException"],
  ['int.Parse("99999999999")', "! OverflowException"],
  ['double.Parse("1e3")', "double 1000"],
  ['decimal.Parse("1.50")', "decimal 1.50"],
  ['bool.Parse("true")', "bool True"],
  ['Guid.Parse("{3F2504E0-4F89-41D3-9A0C-0305E82C3301}")', "Guid 3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
  ['Guid.Parse("x")', "! FormatException"],
];

const formats: [code: string, expected: string][] = [
  ['(1234.5).ToString("N2")', "string 1,234.50"],
  ['1234567.ToString("N0")', "string 1,234,567"],
  ['(0.5).ToString("P0")', "string 50 %"],
  ['42.ToString("D5")', "string 00042"],
  ['255.ToString("X")', "string FF"],
  ['255.ToString("x4")', "string 00ff"],
  ['(-1).ToString("X")', "string FFFFFFFF"],
  ['(2.345).ToString("F2")', "string 2.35"],
  ['(2.5).ToString("0")', "string 3"],
  ['(1234.5).ToString("#,##0.00")', "string 1,234.50"],
  ['(0.256).ToString("0.0%")', "string 25.6%"],
  ['7.ToString("000")', "string 007"],
  ['(12345.678).ToString("E2")', "string 1.23E+004"],
  ['(1.0/3).ToString("R")', "string 0.33333333333333331"],
  ['1m.ToString("F3")', "string 1.000"],
  ['1.5.ToString("D")', "! FormatException"],
  ["true.ToString()", "string True"],
  ['$"{1,4}|{2,-4}|{3.14159:F2}|{{x}}"', "string    1|2   |3.14|{x}"],
  ['$"{{{1}}}{{{{{2}"', "string {1}{{2"],
  ['string.Format("{0:N1} {1} {{}} {0,6}", 1.25, null)', "string 1.3  {}   1.25"],
  ['string.Format("{2}", 1)', "! FormatException"],
  ['$@"a""{1}\\n"', 'string a"1\\n'],
  ['@"c:\\""x"', 'string c:\\"x'],
  ['"\\u0041\\x42\\t".Length', "int 3"],
  ["Math.Round(2.5)", "double 2"],
  ["Math.Round(2.5, MidpointRounding.AwayFromZero)", "double 3"],
  ["Math.Round(1.005m, 2)", "decimal 1.00"],
  ["Math.Ceiling(1.2)", "double 2"],
  ["Math.Floor(-1.2)", "double -2"],
  ["Math.Abs(-5)", "int 5"],
  ["Math.Abs(int.MinValue)", "! OverflowException"],
  ["Math.Max(1, 2L)", "long 2"],
  ["Math.Min(1.5, 2)", "double 1.5"],
  ["Math.Pow(2, 10)", "double 1024"],
  ["Math.Sqrt(2)", "double 1.4142135623731"],
];

describe("operators", () => {
  it.each(arithmetic)("%s is %s", (code, expected) => {
    expect(shown(run(`@(${code})`, withVariables(variables)))).toBe(expected);
  });
});

describe("casts and conversions", () => {
  it.each(casts)("%s is %s", (code, expected) => {
    expect(shown(run(`@(${code})`, withVariables(variables)))).toBe(expected);
  });

  it("says what .NET says", () => {
    expect(run('@((int)context.Variables["long"])', withVariables(variables))).toMatchObject({
      message: "Specified cast is not valid.",
    });
    expect(run('@((string)context.Variables["int"])', withVariables(variables))).toMatchObject({
      message: "Unable to cast object of type 'System.Int32' to type 'System.String'.",
    });
  });
});

describe("numbers as text", () => {
  it.each(formats)("%s is %s", (code, expected) => {
    expect(shown(run(`@(${code})`))).toBe(expected);
  });
});
