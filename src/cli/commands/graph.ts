import { readGrammarWasm } from "../../adapters/grammar.ts";
import type { Graph } from "../../core/graph/graph.ts";
import { loadCSharpGrammar } from "../../core/policy/expression/csharp/grammar.ts";
import { formatGraphDot } from "../../report/graph/dot.ts";
import { formatGraphJson } from "../../report/graph/json.ts";
import { formatGraphMermaid } from "../../report/graph/mermaid.ts";
import { graph as graphGateway } from "../../usecases/graph.ts";
import type { GraphOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";
import { noService } from "../no-service.ts";

export const graph: CommandHandler<GraphOptions> = async (context, _args, options) => {
  const { files, output } = context;
  const { api, operation, all, format } = options;
  const drawn = await graphGateway(files, {
    gateway: gatewayRequest(context, { ...options, ...noService }),
    options: { apis: api, operations: operation, namesAll: all },
    loadGrammar: async () => loadCSharpGrammar(await readGrammarWasm()),
  });
  const text = await formatAs(drawn, format);
  if (options.output === undefined) output.writeResult(text);
  else {
    await files.write(options.output, `${text}\n`);
    output.message(`Wrote ${options.output}.`);
  }
  return exitCodes.done;
};

async function formatAs(drawn: Graph, format: GraphOptions["format"]): Promise<string> {
  switch (format) {
    case "mermaid":
      return formatGraphMermaid(drawn);
    case "dot":
      return formatGraphDot(drawn);
    case "json":
      return formatGraphJson(drawn);
    case "svg":
      // With the layout library, which the other formats have no use for.
      return (await import("../../report/graph/svg.ts")).formatGraphSvg(drawn);
  }
}
