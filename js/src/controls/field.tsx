import type { ComponentChildren } from "preact";

interface Props {
  label: string;
  /** The id of the control, where the label does not enclose it. */
  control?: string;
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

/** A control under its label, with room for a remark at the end of the label's line. */
export function Field({ label, control, aside, class: name = "", children }: Props) {
  return (
    <div class={`tfi-field ${name}`}>
      <div class="tfi-field-head">
        <label for={control}>{label}</label>
        <span class="tfi-aside">{aside}</span>
      </div>
      {children}
    </div>
  );
}
