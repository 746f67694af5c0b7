import { Colourbar } from "../charts/colourbar";
import { Segmented } from "../controls/segmented";
import { Select } from "../controls/select";
import { Slider } from "../controls/slider";
import { COLORMAPS, DEFAULTS, fitting, kindFor } from "../panes/colormaps";
import { hasCells } from "../panes/readout";
import type { Sign } from "../wire/traits";
import { plain } from "./format";
import { unitOf } from "./naming";
import type { Store } from "./store";

/** What the map has a value for. */
function cellWord(store: Store): string {
  const map = store.shown.value;
  const shape = store.traits.image.value?.image.shape;
  return map !== null && shape !== undefined && hasCells(map, shape) ? "cell" : "pixel";
}

function caption(store: Store): string {
  const map = store.shown.value;
  if (map === null) return "";
  const sigma = store.settings.smooth.value.value;
  const unit = map.adds_up ? `${unitOf(map.output)} per ${cellWord(store)}` : "";
  const drawn = sigma > 0 ? `smoothed, σ\u00a0${plain(sigma)}\u00a0px` : "as computed";
  return [unit, drawn].filter(Boolean).join(" · ");
}

function SignBar({ store }: { store: Store }) {
  const map = store.shown.value;
  const signless = map !== null && !map.signed;
  const segments = [
    {
      value: "signed" as Sign,
      label: "± signed",
      title: signless ? "This map has no sign" : "For and against the class",
      disabled: signless,
    },
    { value: "absolute" as Sign, label: "|abs|", title: "How much, whichever the sign" },
    { value: "positive" as Sign, label: "+ only", title: "Only what speaks for the class" },
  ];
  return (
    <Segmented
      label="Sign"
      value={store.picture.sign.value}
      segments={segments}
      onChoose={(sign) => store.settings.sign.set(sign)}
    />
  );
}

function ColormapSelect({ store }: { store: Store }) {
  const { signed } = store.picture.scale.value;
  const wanted = store.settings.colormap.value.value;
  const names = fitting(signed);
  const standard = COLORMAPS[DEFAULTS[kindFor(signed)]].label;
  const choices = [
    { value: "auto", label: `Auto (${standard})` },
    ...names.map((name) => ({ value: name, label: COLORMAPS[name].label })),
  ];
  return (
    <Select
      label="Colour map"
      value={names.includes(wanted) ? wanted : "auto"}
      choices={choices}
      onChoose={(name) => store.settings.colormap.set(name)}
    />
  );
}

function Sliders({ store }: { store: Store }) {
  const { opacity, clip, smooth, top } = store.settings;
  const rows = [
    { label: "Opacity", setting: opacity, min: 0, max: 1, step: 0.01, unit: "%", scale: 100 },
    { label: "Clip", setting: clip, min: 50, max: 100, step: 0.5, unit: "p", scale: 1 },
    { label: "Smooth", setting: smooth, min: 0, max: 10, step: 0.5, unit: "px", scale: 1 },
    { label: "Top", setting: top, min: 0, max: 100, step: 1, unit: "%", scale: 1 },
  ];
  const titles: Record<string, string> = {
    Opacity: "How much of the photograph the map covers in the overlay",
    Clip: "Colours saturate at this percentile of the magnitudes",
    Smooth: "Gaussian blur of the map, in pixels of the photograph; the readout stays raw",
    Top: "Draw only this share of the pixels, those of the largest magnitude",
  };
  return (
    <div class="tfi-sliders">
      {rows.map(({ label, setting, min, max, step, unit, scale }) => {
        const value = setting.value.value;
        const shown = plain(value * scale);
        return (
          <Slider
            key={label}
            label={label}
            title={titles[label]}
            value={value}
            min={min}
            max={max}
            step={step}
            text={unit === "p" ? `p${shown}` : `${shown} ${unit}`}
            onDrag={(next) => setting.drag(next)}
            onRelease={() => setting.release()}
          />
        );
      })}
    </div>
  );
}

/** How the map is drawn: nothing here asks anything of the model. */
export function Tune({ store }: { store: Store }) {
  const { table, scale } = store.picture;
  return (
    <div class="tfi-tune">
      <div class="tfi-colours">
        <Colourbar
          table={table.value}
          scale={scale.value}
          known={store.picture.hasValues.value}
          caption={caption(store)}
        />
        <div class="tfi-colours-row">
          <SignBar store={store} />
          <ColormapSelect store={store} />
        </div>
      </div>
      <Sliders store={store} />
    </div>
  );
}
