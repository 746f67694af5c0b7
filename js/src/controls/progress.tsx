import { percent, seconds } from "../explorer/format";
import type { Status } from "../wire/traits";

interface Props {
  status: Status;
  /** What the answer on display cost; null where there is none. */
  cost: { evaluations: number; seconds: number } | null;
  /** True where a question has gone unanswered for a while. */
  silent: boolean;
  onCancel: () => void;
  onRetry: () => void;
}

export function costText({ evaluations, seconds: time }: NonNullable<Props["cost"]>): string {
  if (evaluations === 0) return "0 evaluations: from the cache";
  const noun = evaluations === 1 ? "evaluation" : "evaluations";
  return `${evaluations} ${noun} · ${seconds(time)}`;
}

const SILENT = "No answer: kernel busy or not running";

const shareOf = ({ done, total, progress }: Status): number =>
  progress ?? (total > 0 ? done / total : 0);

/** How far a run is: in evaluations where these are all that it does. */
function farText(status: Status): string {
  const { done, total } = status;
  return total > 0 ? `${done} of ${total}` : percent(shareOf(status));
}

const cancelledText = (status: Status): string => `cancelled at ${farText(status)}`;

/** The progress in words that change only when a run begins or ends; an error has its own alert. */
export function progressText(status: Status, cost: Props["cost"], silent: boolean): string {
  if (silent) return SILENT;
  if (status.state === "running") return "computing";
  if (status.state === "cancelled") return cancelledText(status);
  return cost === null ? "" : costText(cost);
}

function Running({ status, onCancel }: Pick<Props, "status" | "onCancel">) {
  const share = shareOf(status);
  return (
    <>
      <label>
        {status.total > 0 || share > 0 ? farText(status) : "starting"}
        <progress value={status.total > 0 || share > 0 ? share : undefined} />
      </label>
      <button type="button" class="tfi-button" onClick={onCancel}>
        Cancel
      </button>
    </>
  );
}

function Cancelled({ status, onRetry }: Pick<Props, "status" | "onRetry">) {
  return (
    <>
      <span>{cancelledText(status)}</span>
      <button type="button" class="tfi-button" onClick={onRetry}>
        Go on
      </button>
    </>
  );
}

/** How far the answer is, or what it cost. */
export function Progress({ status, cost, silent, onCancel, onRetry }: Props) {
  const state = silent ? "silent" : status.state;
  if (state === "running") return <Running status={status} onCancel={onCancel} />;
  if (state === "cancelled") return <Cancelled status={status} onRetry={onRetry} />;
  return <span>{progressText(status, cost, silent)}</span>;
}

/** What to know of an answer before it is believed, in the words of the kernel. */
export function Warning({ message }: { message: string | null }) {
  return message === null ? null : (
    <p class="tfi-warning" role="note">
      {message}
    </p>
  );
}

/** What went wrong, in the words of the kernel, with a way to ask again where that may help. */
function NoticeBar({ message, onRetry }: { message: string; onRetry?: () => void }) {
  return (
    <div class="tfi-error" role="alert">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="7" />
        <path d="M8 4v5M8 11.4v.6" />
      </svg>
      <span>{message}</span>
      {onRetry && (
        <button type="button" class="tfi-button" onClick={onRetry}>
          Retry
        </button>
      )}
    </div>
  );
}

/** What went wrong: with the run, or with a value that was refused while a run went on. */
export function Notice({ status, onRetry }: Pick<Props, "status" | "onRetry">) {
  const { state, message } = status;
  if (state === "error") return <NoticeBar message={message} onRetry={onRetry} />;
  return message === "" ? null : <NoticeBar message={message} />;
}
