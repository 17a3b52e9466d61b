import {
  anyObject,
  binary,
  choice,
  flag,
  integer,
  list,
  number,
  object,
  oneOf,
  orNull,
  ref,
  seconds,
  text,
  type Properties,
  type Schemas,
} from "../schema.ts";

/** What differs between api-versions in completions, embeddings, chat, audio and images. */
export type InferenceFeatures = {
  /** The request names its model; else the deployment in the path is the model. */
  readonly modelInBody: boolean;
  /** Everything that came after 2024-02-01: `max_completion_tokens`, JSON schema answers, `dimensions` ... */
  readonly since2024October: boolean;
  /** `reasoning_effort`, audio and stored answers in chat, usage at the end of a stream. */
  readonly since2025March: boolean;
};

const penalty = { minimum: -2, maximum: 2 };
const user = text("The end user, for monitoring abuse.");
const severity = ref("FilterSeverity");
const detection = ref("FilterDetection");

/** Errors and what the content filter says; all versions have the same. */
export const errorSchemas: Schemas = {
  ErrorAnswer: object({ error: ref("ErrorDetails") }),
  ErrorDetails: object({
    code: text("Such as `429` or `content_filter`."),
    message: text(),
    param: text("The parameter at fault."),
    type: text(),
    inner_error: object({
      code: choice(["ResponsibleAIPolicyViolation"]),
      content_filter_results: ref("FilterResults"),
    }),
  }),
  ImageErrorAnswer: object({
    error: object({
      code: text(),
      message: text(),
      param: text(),
      type: text(),
      inner_error: object({
        code: choice(["ResponsibleAIPolicyViolation"]),
        content_filter_results: ref("FilterResults"),
        revised_prompt: text("The prompt as it was rewritten."),
      }),
    }),
  }),
  FilterSeverity: object({ "filtered!": flag(), "severity!": choice(["safe", "low", "medium", "high"]) }),
  FilterDetection: object({ "filtered!": flag(), "detected!": flag() }),
  FilterResults: object(
    {
      sexual: severity,
      violence: severity,
      hate: severity,
      self_harm: severity,
      profanity: detection,
      jailbreak: detection,
      protected_material_text: detection,
      protected_material_code: detection,
    },
    "What the content filter found.",
  ),
  PromptFilterResult: object({ prompt_index: integer(), content_filter_results: ref("FilterResults") }),
};

/** Completions, embeddings, audio and images. Chat is in `chat.ts`. */
export function inferenceSchemas(features: InferenceFeatures): Schemas {
  return {
    ...completionSchemas(features),
    ...embeddingSchemas(features),
    ...audioSchemas(features),
    ...imageSchemas,
  };
}

/** Parameters of sampling that completions and chat share. */
export const sampling: Properties = {
  temperature: orNull(number("Higher: more random.", { minimum: 0, maximum: 2, default: 1 })),
  top_p: orNull(number("Share of probability to sample from.", { minimum: 0, maximum: 1, default: 1 })),
  n: orNull(integer("Choices per prompt.", { minimum: 1, maximum: 128, default: 1 })),
  stream: orNull(flag("Send the answer in pieces, as server-sent events.")),
  stop: orNull(oneOf([text(), list(text())], "Up to four texts to stop before.")),
  presence_penalty: number("Higher: new topics.", penalty),
  frequency_penalty: number("Higher: fewer repetitions.", penalty),
  logit_bias: orNull(anyObject("Token id to a bias from -100 to 100.")),
  user,
};

/** The model in the body, where the api-version has it there. */
export function modelProperty({ modelInBody }: InferenceFeatures): Properties {
  return modelInBody ? { "model!": text("The deployment's name.") } : {};
}

function completionSchemas({ since2024October }: InferenceFeatures): Schemas {
  const prompt = oneOf([text(), list(text())], "One prompt or several.");
  return {
    CompletionRequest: object({
      ...(since2024October ? { "prompt!": prompt } : { prompt }),
      ...sampling,
      max_tokens: orNull(integer("Most tokens to generate.", { minimum: 0, default: 16 })),
      best_of: orNull(integer("Candidates to pick the best of.")),
      echo: orNull(flag("Repeat the prompt.")),
      logprobs: orNull(integer("Number of most likely tokens to report.", { minimum: 0, maximum: 5 })),
      suffix: orNull(text("What comes after the completion.")),
      ...(since2024October ? { seed: orNull(integer("Same seed, same answer, as far as possible.")) } : {}),
    }),
    Completion: object({
      "id!": text(),
      "object!": text("`text_completion`"),
      "created!": seconds(),
      "model!": text(),
      "choices!": list(ref("CompletionChoice")),
      prompt_filter_results: list(ref("PromptFilterResult")),
      ...(since2024October ? { system_fingerprint: text() } : {}),
      usage: ref("Usage"),
    }),
    CompletionChoice: object({
      "text!": text(),
      "index!": integer(),
      "finish_reason!": text("`stop`, `length` or `content_filter`."),
      "logprobs!": orNull(anyObject()),
      content_filter_results: ref("FilterResults"),
    }),
    Usage: object(
      { "prompt_tokens!": integer(), "completion_tokens!": integer(), "total_tokens!": integer() },
      "Tokens spent.",
    ),
  };
}

function embeddingSchemas(features: InferenceFeatures): Schemas {
  return {
    EmbeddingsRequest: object({
      ...modelProperty(features),
      "input!": oneOf([text(), list(text())], "What to turn into vectors."),
      user,
      ...(features.modelInBody ? {} : { input_type: text("Kind of search the vectors are for.") }),
      ...(features.since2024October
        ? {
            encoding_format: orNull(text("`float` or `base64`.")),
            dimensions: orNull(integer("Length of the vectors.")),
          }
        : {}),
    }),
    Embeddings: object({
      "object!": text("`list`"),
      "model!": text(),
      "data!": list(
        object({ "index!": integer(), "object!": text("`embedding`"), "embedding!": list(number()) }),
      ),
      "usage!": object({ "prompt_tokens!": integer(), "total_tokens!": integer() }),
    }),
  };
}

function audioSchemas({ since2025March }: InferenceFeatures): Schemas {
  const spoken: Properties = {
    "file!": binary("The recording."),
    prompt: text("What came before, or words to expect."),
    response_format: choice(["json", "text", "srt", "verbose_json", "vtt"]),
    temperature: number(undefined, { minimum: 0, maximum: 1, default: 0 }),
  };
  return {
    TranscriptionRequest: object({
      ...spoken,
      language: text("ISO 639-1 code of the language spoken."),
      ...(since2025March ? { "timestamp_granularities[]": list(choice(["word", "segment"])) } : {}),
    }),
    TranslationRequest: object(spoken),
    SpeechRequest: object({
      "input!": text("The text to read."),
      "voice!": choice(["alloy", "echo", "fable", "onyx", "nova", "shimmer"]),
      response_format: choice(["mp3", "opus", "aac", "flac", "wav", "pcm"]),
      speed: number(undefined, { minimum: 0.25, maximum: 4, default: 1 }),
    }),
    AudioText: object({ "text!": text() }),
    AudioTextWithTimes: object({
      "text!": text(),
      task: choice(["transcribe", "translate"]),
      language: text(),
      duration: number("Seconds."),
      segments: list(object({ id: integer(), start: number(), end: number(), text: text() })),
    }),
  };
}

const imageSchemas: Schemas = {
  ImageRequest: object({
    "prompt!": text("What to show."),
    n: integer("Number of images.", { minimum: 1, maximum: 1, default: 1 }),
    size: choice(["256x256", "512x512", "1792x1024", "1024x1792", "1024x1024"]),
    response_format: choice(["url", "b64_json"]),
    quality: choice(["standard", "hd"]),
    style: choice(["vivid", "natural"]),
    user,
  }),
  Images: object({
    "created!": seconds(),
    "data!": list(
      object({
        url: text("Where to fetch the image."),
        b64_json: text("The image in base64."),
        revised_prompt: text("The prompt as it was rewritten."),
        content_filter_results: ref("FilterResults"),
      }),
    ),
  }),
};
