import {
  json,
  paging,
  query,
  type Content,
  type Operation,
  type OperationGroup,
  type Parameter,
} from "../operation.ts";
import { choice, list, text } from "../schema.ts";

const includeResults = query(
  "include[]",
  list(choice(["step_details.tool_calls[*].file_search.results[*].content"])),
  "More to be put into the answer.",
);

/** Assistants, threads, messages, runs and run steps. */
export function assistantOperations(apiVersion: Parameter): OperationGroup {
  return {
    tag: "Assistants",
    operations: [
      ...assistants(apiVersion),
      ...threads(apiVersion),
      ...messages(apiVersion),
      ...runs(apiVersion),
      ...runSteps(apiVersion),
    ],
  };
}

type Row = readonly [
  method: Operation["method"],
  path: string,
  id: string,
  summary: string,
  answer: string,
  request?: string | undefined,
  parameters?: readonly Parameter[],
];

/** Rows whose last parameter is the api-version and that describe one answer, 200. */
function operations(apiVersion: Parameter, rows: readonly Row[]): readonly Operation[] {
  return rows.map(([method, path, id, summary, answer, request, parameters = []]) => {
    const body: { body?: Content } = request === undefined ? {} : { body: json(request) };
    return {
      method,
      path,
      id,
      summary,
      parameters: [...parameters, apiVersion],
      ...body,
      answers: { "200": { description: "Done.", content: json(answer) } },
    };
  });
}

// prettier-ignore
function assistants(apiVersion: Parameter): readonly Operation[] {
  return operations(apiVersion, [
    ["get", "/assistants", "List_Assistants", "List assistants", "AssistantPage", undefined, paging],
    ["post", "/assistants", "Create_Assistant", "Create an assistant", "Assistant", "AssistantRequest"],
    ["get", "/assistants/{assistant_id}", "Get_Assistant", "Get an assistant", "Assistant"],
    ["post", "/assistants/{assistant_id}", "Modify_Assistant", "Change an assistant", "Assistant", "AssistantChange"],
    ["delete", "/assistants/{assistant_id}", "Delete_Assistant", "Delete an assistant", "AssistantDeleted"],
  ]);
}

// prettier-ignore
function threads(apiVersion: Parameter): readonly Operation[] {
  return operations(apiVersion, [
    ["post", "/threads", "Create_Thread", "Start a thread", "Thread", "ThreadRequest"],
    ["get", "/threads/{thread_id}", "Get_Thread", "Get a thread", "Thread"],
    ["post", "/threads/{thread_id}", "Modify_Thread", "Change a thread", "Thread", "ThreadChange"],
    ["delete", "/threads/{thread_id}", "Delete_Thread", "Delete a thread", "ThreadDeleted"],
  ]);
}

// prettier-ignore
function messages(apiVersion: Parameter): readonly Operation[] {
  const path = "/threads/{thread_id}/messages";
  return operations(apiVersion, [
    ["get", path, "List_Messages", "List the messages of a thread", "MessagePage", undefined,
      [...paging, query("run_id", text(), "Only messages of this run.")]],
    ["post", path, "Create_Message", "Add a message to a thread", "Message", "MessageRequest"],
    ["get", `${path}/{message_id}`, "Get_Message", "Get a message", "Message"],
    ["post", `${path}/{message_id}`, "Modify_Message", "Change a message", "Message", "MetadataChange"],
  ]);
}

// prettier-ignore
function runs(apiVersion: Parameter): readonly Operation[] {
  const path = "/threads/{thread_id}/runs";
  return operations(apiVersion, [
    ["post", "/threads/runs", "Create_Thread_And_Run", "Start a thread and run it", "Run", "ThreadAndRunRequest"],
    ["get", path, "List_Runs", "List the runs of a thread", "RunPage", undefined, paging],
    ["post", path, "Create_Run", "Run a thread", "Run", "RunRequest", [includeResults]],
    ["get", `${path}/{run_id}`, "Get_Run", "Get a run", "Run"],
    ["post", `${path}/{run_id}`, "Modify_Run", "Change a run", "Run", "MetadataChange"],
    ["post", `${path}/{run_id}/submit_tool_outputs`, "Submit_Tool_Outputs_To_Run", "Hand in the output of tools", "Run", "ToolOutputs"],
    ["post", `${path}/{run_id}/cancel`, "Cancel_Run", "Cancel a run", "Run"],
  ]);
}

// prettier-ignore
function runSteps(apiVersion: Parameter): readonly Operation[] {
  const path = "/threads/{thread_id}/runs/{run_id}/steps";
  return operations(apiVersion, [
    ["get", path, "List_Run_Steps", "List the steps of a run", "RunStepPage", undefined, [...paging, includeResults]],
    ["get", `${path}/{step_id}`, "Get_Run_Step", "Get a step of a run", "RunStep", undefined, [includeResults]],
  ]);
}
