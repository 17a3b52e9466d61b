import { z } from "zod";
import { isJsonObject, type JsonObject } from "../json.ts";
import { testFileSchema } from "./schema.ts";

/** The JSON Schema of test files, for editors (draft-07). Equal on every call. */
export function testFileJsonSchema(): JsonObject {
  const schema: unknown = z.toJSONSchema(testFileSchema, { target: "draft-7", unrepresentable: "throw" });
  const json: unknown = JSON.parse(JSON.stringify(schema));
  if (!isJsonObject(json)) throw new Error("zod gave no JSON Schema");
  return { ...json, $id: "urn:apimgw:gateway-test:1" };
}
