import {
  after,
  before,
  bytes,
  fileFilter,
  fixedHeader,
  form,
  json,
  limit,
  order,
  query,
  type Answer,
  type Content,
  type Operation,
  type OperationGroup,
  type Parameter,
} from "../operation.ts";
import { choice, flag, integer, list, ref, text } from "../schema.ts";

type Row = readonly [
  method: Operation["method"],
  path: string,
  id: string,
  summary: string,
  answer: string | Content,
  request?: string | Content | undefined,
  parameters?: readonly Parameter[],
];

const perPage = limit(integer(undefined, { format: "int32", default: 20 }));
const paging = [perPage, order(), after, before];
const evals = fixedHeader("aoai-evals", "preview");
const copying = [
  fixedHeader("aoai-copy-ft-checkpoints", "preview"),
  fixedHeader("accept", "application/json"),
];
const failed: Answer = { description: "The call failed.", content: json("ErrorAnswer"), requestId: true };

const events = (schemaName: string): Content => ({ "text/event-stream": ref(schemaName) });

const store = "/vector_stores/{vector_store_id}";
const container = "/containers/{container_id}";
const evalRun = "/evals/{eval_id}/runs/{run_id}";
const job = "/fine_tuning/jobs/{fine_tuning_job_id}";

const evalStates = choice(["queued", "in_progress", "completed", "canceled", "failed"]);
const includeObfuscation = query(
  "include_obfuscation",
  { ...flag(), default: true },
  "Pad streamed events, so that their sizes tell nothing.",
);
const includeMore = query(
  "include[]",
  { ...list(ref("ResponseInclude")), default: [] },
  "More to be put into the answer.",
);

// prettier-ignore
const table: Readonly<Record<string, readonly Row[]>> = {
  Chat: [
    ["post", "/chat/completions", "createChatCompletion", "Answer a conversation", { ...json("ChatCompletion"), ...events("ChatCompletionChunk") }, "ChatRequest"],
  ],
  Containers: [
    ["get", "/containers", "ListContainers", "List containers", "ContainerPage", undefined, [perPage, order(), after]],
    ["post", "/containers", "CreateContainer", "Create a container", "Container", "ContainerRequest"],
    ["get", container, "RetrieveContainer", "Get a container", "Container"],
    ["delete", container, "DeleteContainer", "Delete a container", "Deletion"],
    ["post", `${container}/files`, "CreateContainerFile", "Add a file to a container", "ContainerFile", form("ContainerFileRequest")],
    ["get", `${container}/files`, "ListContainerFiles", "List the files of a container", "ContainerFilePage", undefined, [perPage, order(), after]],
    ["get", `${container}/files/{file_id}`, "RetrieveContainerFile", "Get a file of a container", "ContainerFile"],
    ["delete", `${container}/files/{file_id}`, "DeleteContainerFile", "Delete a file of a container", "Deletion"],
    ["get", `${container}/files/{file_id}/content`, "RetrieveContainerFileContent", "Download a file of a container", bytes],
  ],
  Embeddings: [
    ["post", "/embeddings", "createEmbedding", "Turn text into vectors", "Embeddings", "EmbeddingsRequest"],
  ],
  Evals: [
    ["get", "/evals", "listEvals", "List evaluations", "EvalPage", undefined,
      [evals, after, perPage, order("asc"), query("order_by", { ...choice(["created_at", "updated_at"]), default: "created_at" })]],
    ["post", "/evals", "createEval", "Create an evaluation", "Eval", "EvalRequest", [evals]],
    ["get", "/evals/{eval_id}", "getEval", "Get an evaluation", "Eval", undefined, [evals]],
    ["post", "/evals/{eval_id}", "updateEval", "Change an evaluation", "Eval", "EvalChange", [evals]],
    ["delete", "/evals/{eval_id}", "deleteEval", "Delete an evaluation", "EvalDeletion", undefined, [evals]],
    ["get", "/evals/{eval_id}/runs", "getEvalRuns", "List the runs of an evaluation", "EvalRunPage", undefined,
      [evals, after, perPage, order("asc"), query("status", evalStates)]],
    ["post", "/evals/{eval_id}/runs", "createEvalRun", "Run an evaluation", "EvalRun", "EvalRunRequest", [evals]],
    ["get", evalRun, "getEvalRun", "Get a run of an evaluation", "EvalRun", undefined, [evals]],
    ["post", evalRun, "cancelEvalRun", "Cancel a run of an evaluation", "EvalRun", undefined, [evals]],
    ["delete", evalRun, "deleteEvalRun", "Delete a run of an evaluation", "EvalRunDeletion", undefined, [evals]],
    ["get", `${evalRun}/output_items`, "getEvalRunOutputItems", "List what a run put out", "EvalOutputPage", undefined,
      [evals, after, perPage, query("status", choice(["fail", "pass"])), order("asc")]],
    ["get", `${evalRun}/output_items/{output_item_id}`, "getEvalRunOutputItem", "Get one output of a run", "EvalOutput", undefined, [evals]],
  ],
  Files: [
    ["post", "/files", "createFile", "Upload a file", "File", form("FileRequest")],
    ["get", "/files", "listFiles", "List files", "FilePage", undefined, [query("purpose", text(), "Only files for this purpose.")]],
    ["get", "/files/{file_id}", "retrieveFile", "Get a file", "File"],
    ["delete", "/files/{file_id}", "deleteFile", "Delete a file", "FileDeleted"],
    ["get", "/files/{file_id}/content", "downloadFile", "Download a file", bytes],
  ],
  "Fine-tuning": [
    ["post", "/fine_tuning/alpha/graders/run", "runGrader", "Run a grader", "GraderResult", "GraderRun"],
    ["post", "/fine_tuning/alpha/graders/validate", "validateGrader", "Check a grader", "GraderCheck", "GraderCheck"],
    ["post", "/fine_tuning/jobs", "createFineTuningJob", "Start a fine-tuning job", "FineTuningJob", "FineTuningRequest"],
    ["get", "/fine_tuning/jobs", "listPaginatedFineTuningJobs", "List fine-tuning jobs", "FineTuningJobPage", undefined, [after, perPage]],
    ["get", job, "retrieveFineTuningJob", "Get a fine-tuning job", "FineTuningJob"],
    ["post", `${job}/cancel`, "cancelFineTuningJob", "Cancel a fine-tuning job", "FineTuningJob"],
    ["get", `${job}/checkpoints`, "listFineTuningJobCheckpoints", "List the checkpoints of a job", "CheckpointPage", undefined,
      [after, limit(integer(undefined, { format: "int32", default: 10 }))]],
    ["post", `${job}/checkpoints/{fine_tuning_checkpoint_id}/copy`, "FineTuning_CopyCheckpoint", "Copy a checkpoint to another account", "CheckpointCopy", "CheckpointCopyRequest", copying],
    ["get", `${job}/checkpoints/{fine_tuning_checkpoint_id}/copy`, "FineTuning_GetCheckpoint", "Get the state of a copy", "CheckpointCopy", undefined, copying],
    ["get", `${job}/events`, "listFineTuningEvents", "List the events of a job", "FineTuningEventPage", undefined, [after, perPage]],
    ["post", `${job}/pause`, "pauseFineTuningJob", "Pause a fine-tuning job", "FineTuningJob"],
    ["post", `${job}/resume`, "resumeFineTuningJob", "Resume a fine-tuning job", "FineTuningJob"],
  ],
  Models: [
    ["get", "/models", "listModels", "List models", "ModelList"],
    ["get", "/models/{model}", "retrieveModel", "Get a model", "Model"],
  ],
  Responses: [
    ["post", "/responses", "createResponse", "Make a response", { ...json("Response"), ...events("ResponseEvent") }, "ResponseRequest"],
    ["get", "/responses/{response_id}", "getResponse", "Get a response", "Response", undefined, [includeObfuscation, includeMore]],
    ["delete", "/responses/{response_id}", "deleteResponse", "Delete a response", "ResponseDeleted"],
    ["get", "/responses/{response_id}/input_items", "listInputItems", "List the input items of a response", "ResponseItemPage", undefined, paging],
  ],
  "Vector Stores": [
    ["get", "/vector_stores", "listVectorStores", "List vector stores", "VectorStorePage", undefined, paging],
    ["post", "/vector_stores", "createVectorStore", "Create a vector store", "VectorStore", "VectorStoreRequest"],
    ["get", store, "getVectorStore", "Get a vector store", "VectorStore"],
    ["post", store, "modifyVectorStore", "Change a vector store", "VectorStore", "VectorStoreChange"],
    ["delete", store, "deleteVectorStore", "Delete a vector store", "VectorStoreDeleted"],
    ["post", `${store}/file_batches`, "createVectorStoreFileBatch", "Add several files to a vector store", "FileBatch", "FileBatchRequest"],
    ["get", `${store}/file_batches/{batch_id}`, "getVectorStoreFileBatch", "Get a batch of files", "FileBatch"],
    ["post", `${store}/file_batches/{batch_id}/cancel`, "cancelVectorStoreFileBatch", "Cancel a batch of files", "FileBatch"],
    ["get", `${store}/file_batches/{batch_id}/files`, "listFilesInVectorStoreBatch", "List the files of a batch", "VectorStoreFilePage", undefined, [...paging, fileFilter]],
    ["get", `${store}/files`, "listVectorStoreFiles", "List the files of a vector store", "VectorStoreFilePage", undefined, [...paging, fileFilter]],
    ["post", `${store}/files`, "createVectorStoreFile", "Add a file to a vector store", "VectorStoreFile", "VectorStoreFileRequest"],
    ["get", `${store}/files/{file_id}`, "getVectorStoreFile", "Get a file of a vector store", "VectorStoreFile"],
    ["post", `${store}/files/{file_id}`, "updateVectorStoreFileAttributes", "Change the attributes of a file", "VectorStoreFile", "FileAttributesChange"],
    ["delete", `${store}/files/{file_id}`, "deleteVectorStoreFile", "Take a file out of a vector store", "VectorStoreFileDeleted"],
  ],
};

/** The two graders are the only operations whose answers carry no `apim-request-id`. */
const withoutRequestId: ReadonlySet<string> = new Set(["runGrader", "validateGrader"]);

const successStatus: Readonly<Record<string, string>> = { createEvalRun: "201" };

/** All operations of the v1 API: the model is in the body, an api-version may be given but need not be. */
export function v1Operations(apiVersion: Parameter): readonly OperationGroup[] {
  return Object.entries(table).map(([tag, rows]) => ({
    tag,
    operations: rows.map((row) => toOperation(row, apiVersion)),
  }));
}

function toOperation(row: Row, apiVersion: Parameter): Operation {
  const [method, path, id, summary, answer, request, parameters = []] = row;
  const success: Answer = {
    description: "Done.",
    content: typeof answer === "string" ? json(answer) : answer,
    ...(withoutRequestId.has(id) ? {} : { requestId: true }),
  };
  return {
    method,
    path,
    id,
    summary,
    parameters: [apiVersion, ...parameters],
    ...(request === undefined ? {} : { body: typeof request === "string" ? json(request) : request }),
    answers: { [successStatus[id] ?? "200"]: success, default: failed },
  };
}
