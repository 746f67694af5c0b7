import type { Model } from "../model";
import type { SliceTraits } from "../wire/slices";

/**
 * A chart of bqplot's is linked to the brush, and hands it over as a typed array; sent to the kernel
 * that would come back as bytes, which the chart does not take.
 */
export function keepBrushPlain(model: Model<SliceTraits>, until: AbortSignal): void {
  const plain = () => {
    const brush: unknown = model.get("brush");
    if (ArrayBuffer.isView(brush)) {
      const [low, high] = brush as Float64Array;
      model.set("brush", [low, high]);
    }
  };
  model.on("change:brush", plain);
  until.addEventListener("abort", () => model.off("change:brush", plain));
}
