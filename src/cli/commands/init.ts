import { join } from "node:path";
import { nearestName } from "../../core/nearest-name.ts";
import { formatTemplates, formatTemplatesJson, formatWritten } from "../../report/init.ts";
import { initialize, templates, type Template } from "../../usecases/init.ts";
import type { InitOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { packageRoot } from "../package-root.ts";
import { usageFailure } from "../usage.ts";

export const init: CommandHandler<InitOptions> = async (context, [directory = "."], options) => {
  const { output, files } = context;
  if (options.list) {
    const asJson = options.format === "json";
    output.writeResult(
      asJson ? formatTemplatesJson(templates) : formatTemplates(templates, { color: output.resultColor }),
    );
    return exitCodes.done;
  }
  const template = await chooseTemplate(context, options.template);
  const { gatewayJsonSchema } = await import("../../core/spec/json-schema.ts");
  const written = await initialize(files, {
    template,
    directory,
    templateFolder: join(packageRoot(), "templates"),
    schema: `${JSON.stringify(gatewayJsonSchema(), null, 2)}\n`,
    force: options.force,
  });
  output.writeResult(formatWritten(written, directory, options.format));
  return exitCodes.done;
};

async function chooseTemplate(context: CommandContext, given: string | undefined): Promise<Template> {
  if (given !== undefined) return findTemplate(given);
  if (!context.isInteractive) {
    throw usageFailure("NO_TEMPLATE", "init needs a pattern to start from", {
      remedy: `Give --template with one of ${templateNames()}.`,
    });
  }
  context.output.message(formatTemplates(templates, { color: context.output.messageColor }));
  const answer = await context.ask("Which pattern?", "--template");
  return findTemplate(answer ?? "");
}

function findTemplate(name: string): Template {
  const found = templates.find((template) => template.name === name);
  if (found !== undefined) return found;
  const nearest = nearestName(
    name,
    templates.map((template) => template.name),
  );
  throw usageFailure("UNKNOWN_TEMPLATE", `there is no pattern "${name}"`, {
    remedy: `${nearest === undefined ? "" : `Did you mean ${nearest}? `}The patterns are ${templateNames()}.`,
  });
}

function templateNames(): string {
  return templates.map(({ name }) => name).join(", ");
}
