import { resolve } from "node:path";
import { parseFaultFile } from "../../adapters/local/fault-file.ts";
import { createFaults } from "../../adapters/local/fault-rules.ts";
import type { FaultHook } from "../../adapters/local/faults.ts";
import { startLocalApim } from "../../adapters/local/local-apim.ts";
import { Failure } from "../../core/failure.ts";
import { formatReady, formatReadyJson, formatRequest } from "../../report/dev.ts";
import { devKey } from "../../usecases/dev.ts";
import type { DevOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { startDevGateway } from "../dev-gateway.ts";
import type { DevGateway } from "../dev-gateway.ts";
import { exitCodes } from "../exit-codes.ts";

export const dev: CommandHandler<DevOptions> = async (context, [directory = ".apimgw/local"], options) => {
  const { output, cwd, clock, signal } = context;
  const faults = options.faults === undefined ? undefined : await readFaults(context, options.faults);
  let gateway: DevGateway | undefined;
  const apim = await startLocalApim({
    directory: resolve(cwd, directory),
    port: options.managementPort,
    clock,
    ...(faults === undefined ? {} : { faults }),
    onRequest: (request) => output.message(formatRequest(request, { color: output.messageColor })),
    onChange: (service) => gateway?.applied(service),
  });
  try {
    gateway = await startDevGateway(context, options, apim.services());
    const ready = {
      gateway: gateway.endpoint,
      management: apim.endpoint,
      directory,
      spec: gateway.spec,
      subscriptionKey: devKey,
      subscriptions: gateway.subscriptions(),
    };
    output.writeResult(
      options.format === "json" ? formatReadyJson(ready) : formatReady(ready, { color: output.resultColor }),
    );
    await aborted(signal);
  } finally {
    await Promise.all([gateway?.close(), apim.close()]);
  }
  return exitCodes.done;
};

/** Throws Failure `LOCAL.FAULTS_INVALID` with all that is wrong with the file. */
async function readFaults({ files }: CommandContext, file: string): Promise<FaultHook> {
  const { settings, problems } = parseFaultFile(await files.read(file), file);
  if (settings !== undefined) return createFaults(settings);
  const count = problems.length === 1 ? "one error" : `${problems.length} errors`;
  throw new Failure("LOCAL.FAULTS_INVALID", `${file} has ${count}`, { problems });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
}
