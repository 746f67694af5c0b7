import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { follow, type Model, Setting, send, write } from "../model";
import { type Camera, fitted, HOME } from "../panes/camera";
import { createPicture } from "../panes/picture";
import { createProbe } from "../panes/probe";
import { type DecodedMap, decodeMessage, decodeResult } from "../wire/messages";
import type { ImageInfo, Scalar, Target, Traits } from "../wire/traits";
import { Answers, choose } from "./answers";
import { nameOf } from "./naming";
import { createPending } from "./pending";
import { createSilence } from "./silence";

/** All state of one explorer; every view of the model shares it. */
export type Store = ReturnType<typeof createStore>;

const asImage = (image: Traits["_image"]): ImageInfo | null =>
  "image" in image ? (image as ImageInfo) : null;

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

function followAll(model: Model, until: AbortSignal) {
  const trait = <K extends keyof Traits>(name: K) => follow(model, name, until);
  const image = trait("_image");
  return {
    target: trait("target"),
    method: trait("method"),
    baseline: trait("baseline"),
    imageIndex: trait("image_index"),
    status: trait("status"),
    classNames: trait("_class_names"),
    classCount: trait("_class_count"),
    methods: trait("_methods"),
    layers: trait("_layers"),
    parameters: trait("_method_parameters"),
    baselines: trait("_baselines"),
    thumbnails: trait("_thumbnails"),
    image: computed(() => asImage(image.value)),
    predictions: trait("_predictions"),
    question: trait("_question"),
    result: trait("_result"),
  };
}

function createSettings(model: Model, until: AbortSignal) {
  return {
    steps: new Setting(model, "steps", until),
    colormap: new Setting(model, "colormap", until),
    opacity: new Setting(model, "opacity", until),
    clip: new Setting(model, "clip_percentile", until),
    sign: new Setting(model, "sign", until),
    smooth: new Setting(model, "smooth", until),
    top: new Setting(model, "top_percent", until),
  };
}

/** Hands messages to the answers; true once the kernel has been heard of. */
function receive(model: Model, answers: Answers, until: AbortSignal): ReadonlySignal<boolean> {
  const heard = signal(false);
  const onMessage = (content: unknown, buffers: DataView[]) => {
    heard.value = true;
    const message = decodeMessage(content, buffers);
    if (message?.kind === "map") answers.receive(message.answer);
    if (message?.kind === "levels") answers.receiveStops(message.question, message.levels);
  };
  const onStatus = () => {
    heard.value = true;
  };
  model.on("msg:custom", onMessage);
  model.on("change:status", onStatus);
  until.addEventListener("abort", () => {
    model.off("msg:custom", onMessage);
    model.off("change:status", onStatus);
  });
  return heard;
}

/** Traits that only the kernel writes also feed the answers. */
function followResults(traits: ReturnType<typeof followAll>, answers: Answers): () => void {
  const stopQuestion = effect(() => answers.ask(traits.question.value));
  const stopResult = effect(() => {
    const result = traits.result.value;
    if (result !== null) answers.receive(decodeResult(result));
  });
  return () => {
    stopQuestion();
    stopResult();
  };
}

export function createStore(model: Model, until: AbortSignal) {
  const traits = followAll(model, until);
  const settings = createSettings(model, until);
  const answers = new Answers();
  const heard = receive(model, answers, until);
  until.addEventListener("abort", followResults(traits, answers));

  const method = computed(
    () => traits.methods.value.find(({ name }) => name === nameOf(traits.method.value)) ?? null,
  );
  const steps = follow(model, "steps", until);
  let previous: DecodedMap | null = null;
  const shown = computed(() => {
    const wanted = {
      steps: settings.steps.value.value,
      hasSteps: method.value?.has_steps ?? true,
      image: traits.image.value?.index ?? null,
    };
    const known = {
      levels: answers.levels.value,
      latest: answers.latest.value,
      last: answers.last.value,
      question: answers.question.value,
    };
    previous = choose(known, wanted, previous);
    return previous;
  });

  const pending = createPending(model, traits, until);
  const stale = computed(() => pending.value || shown.value?.question !== answers.question.value);
  const unanswered = computed(() => {
    const { state } = traits.status.value;
    // A run that was saved with the notebook never ends; one that is heard of does.
    if (state === "running") return !heard.value;
    const map = shown.value;
    const asks =
      method.value?.has_steps && map?.requested !== steps.value && map?.level !== steps.value;
    return pending.value || (asks === true && map !== null && state === "done");
  });
  const silent = createSilence(unanswered, until);
  const ground = signal<"light" | "dark">("light");
  const picture = createPicture({
    shown,
    image: traits.image,
    sign: settings.sign.value,
    smooth: settings.smooth.value,
    clip: settings.clip.value,
    top: settings.top.value,
    colormap: settings.colormap.value,
    ground,
  });
  const pictureFit = computed(() => {
    const shape = traits.image.value?.image.shape ?? [1, 1];
    return fitted(shape[1], shape[0]);
  });
  const camera = signal<Camera>(HOME);
  const probe = createProbe(camera, pictureFit);
  until.addEventListener("abort", probe.dispose);
  const imageIndex = computed(() => traits.image.value?.index);
  const stopHoming = effect(() => {
    imageIndex.value;
    camera.value = HOME;
  });
  until.addEventListener("abort", stopHoming);

  return {
    traits,
    settings,
    answers,
    silent,
    method,
    shown,
    stale,
    pending,
    ground,
    picture,
    fit: pictureFit,
    camera,
    probe,
    chooseTarget: (target: Target) => write(model, { target }),
    chooseMethod: (name: string) => write(model, { method: name }),
    chooseBaseline: (name: string) => write(model, { baseline: name }),
    chooseImage: (index: number) => write(model, { image_index: index }),
    chooseParameter: (name: string, value: Scalar) =>
      write(model, { _method_parameters: { ...traits.parameters.peek(), [name]: value } }),
    cancel: () => send(model, { kind: "cancel", run: traits.status.peek().run }),
    retry: () => send(model, { kind: "explain" }),
    /** Asks for the maps that are known: the view was made anew, the kernel may not be. */
    ready: () => send(model, { kind: "ready" }),
    /** Says, once for all views, that there is somebody to compute for. */
    display: once(() => send(model, { kind: "shown" })),
  };
}
