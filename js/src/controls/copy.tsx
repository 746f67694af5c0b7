import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  code: string | null;
}

const SAID_FOR = 2000;

/** Copies the Python that reproduces what is shown; offers it to copy by hand where it may not. */
export function CopyButton({ code }: Props) {
  const [said, setSaid] = useState(false);
  const [byHand, setByHand] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(false), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  useEffect(() => {
    if (byHand) field.current?.select();
  }, [byHand]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code ?? "");
      setSaid(true);
    } catch {
      // Pages that are not served over https have no clipboard.
      setByHand(true);
    }
  };
  const close = () => {
    button.current?.focus();
    setByHand(false);
  };
  return (
    <div class="tfi-copy">
      <button ref={button} type="button" class="tfi-button" disabled={code === null} onClick={copy}>
        <span aria-live="polite">{said ? "Copied" : "Copy as code"}</span>
      </button>
      {byHand && (
        <div class="tfi-code" role="dialog" aria-label="Code to copy">
          <textarea
            ref={field}
            readOnly
            rows={10}
            aria-label="Python code"
            value={code ?? ""}
            onKeyDown={(event) => event.key === "Escape" && close()}
          />
          <div class="tfi-code-foot">
            <span class="tfi-muted">Press Ctrl + C (⌘ C) to copy</span>
            <button type="button" class="tfi-button" onClick={close}>
              Close
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
