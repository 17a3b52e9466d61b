import { testFileJsonSchema } from "../../core/gateway-test/json-schema.ts";
import { gatewayJsonSchema } from "../../core/spec/json-schema.ts";
import { outputJsonSchema, outputNames } from "../../report/json-schemas.ts";
import type { SchemaOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageFailure } from "../usage.ts";

export const schema: CommandHandler<SchemaOptions> = ({ output }, [name = "gateway"]) => {
  output.writeResult(JSON.stringify(schemaOf(name), null, 2));
  return Promise.resolve(exitCodes.done);
};

function schemaOf(name: string): object {
  if (name === "gateway") return gatewayJsonSchema();
  if (name === "test") return testFileJsonSchema();
  const known = outputNames.find((other) => other === name);
  if (known !== undefined) return outputJsonSchema(known);
  throw usageFailure("SCHEMA", `there is no schema \`${name}\``, {
    remedy: `Name one of gateway, test, ${outputNames.join(", ")}.`,
  });
}
