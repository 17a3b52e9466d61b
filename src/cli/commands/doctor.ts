import { readGrammarWasm } from "../../adapters/grammar.ts";
import { loadCSharpGrammar } from "../../core/policy/expression/csharp/grammar.ts";
import { formatDoctor } from "../../report/human/doctor.ts";
import { formatDoctorJson } from "../../report/json.ts";
import { doctor as diagnose, loadSubject } from "../../usecases/doctor.ts";
import type { DoctorOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { withServices } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { gatewayRequest } from "../gateway-request.ts";

export const doctor: CommandHandler<DoctorOptions> = async (context, _args, options) => {
  const { files, clock, output } = context;
  const loadGrammar = async (): Promise<void> => loadCSharpGrammar(await readGrammarWasm());
  const subject = await loadSubject(files, gatewayRequest(context, options), loadGrammar);
  const report = await withServices(context, options, (open) =>
    diagnose(() => open(subject.service), subject, clock),
  );
  output.writeResult(
    options.format === "json"
      ? formatDoctorJson(report)
      : formatDoctor(report, { color: output.resultColor, local: options.local }),
  );
  return report.summary.error > 0 ? exitCodes.failed : exitCodes.done;
};
