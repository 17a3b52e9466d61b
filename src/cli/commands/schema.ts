import { gatewayJsonSchema } from "../../core/spec/json-schema.ts";
import type { SchemaOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";

export const schema: CommandHandler<SchemaOptions> = ({ output }) => {
  output.writeResult(JSON.stringify(gatewayJsonSchema(), null, 2));
  return Promise.resolve(exitCodes.done);
};
