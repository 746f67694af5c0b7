"""Run every benchmark, and write benchmarks/results.md: `make bench`.

`make bench ONLY="session together"` runs these, and leaves the others' results as they are.

A benchmark is a file beside this one that prints what it measured. Where a figure has a goal, it
follows the figure: ``... 1.31 ... (goal: >= 1.15)``, with <=, <, >=, > or, to be met exactly, no
sign. Whether it is met is worked out here. Lines that start with | are tables, in Markdown.
"""

import ast
import json
import operator
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"

GOAL = re.compile(
    r"(?P<figure>\d[\d.]*(?:e[+-]?\d+)?)(?P<between>[^\d(]*)"
    r"\(goal: (?P<sign>[<>]=?)? ?(?P<bound>\d[\d.]*(?:e[+-]?\d+)?)(?P<unit>[^)]*)\)"
)

SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

# In a process of its own: what a benchmark's peak of memory is begins at that of its parent.
VERSIONS = """
import importlib.metadata, json, tensorflow
names = ("tensorflow", "keras", "numpy")
gpus = tensorflow.config.list_physical_devices("GPU")
print(json.dumps([{name: importlib.metadata.version(name) for name in names}, len(gpus)]))
"""


def machine() -> Iterator[tuple[str, str]]:
    """What the figures were taken on; memory and the processor's name as Linux tells them."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    told = subprocess.run(
        [sys.executable, "-c", VERSIONS], capture_output=True, text=True, check=True
    ).stdout
    versions, gpus = json.loads(told.splitlines()[-1])
    yield "Processor", processor[1] if processor else platform.machine()
    yield "Cores", str(os.cpu_count())
    yield "Memory", f"{memory:.0f} GiB"
    yield "GPU", str(gpus) if gpus else "none: all figures are of the CPU"
    yield "System", platform.freedesktop_os_release()["PRETTY_NAME"]
    yield "Python", platform.python_version()
    yield from versions.items()


def output_of(benchmark: Path) -> str:
    """What a benchmark prints, with a line about its end where that was not a good one."""
    ran = subprocess.run([sys.executable, benchmark], stdout=subprocess.PIPE, text=True)
    if ran.returncode:
        return f"{ran.stdout}\nFAILED: it ended with exit code {ran.returncode}.\n"
    return ran.stdout


def judged(output: str) -> str:
    """Say of each goal whether it is met."""

    def judge(match: re.Match[str]) -> str:
        figure, bound = float(match["figure"]), float(match["bound"])
        met = SIGNS.get(match["sign"] or "", operator.eq)(figure, bound)
        return f"{match[0][:-1]}, {'met' if met else 'MISSED'})"

    return GOAL.sub(judge, output)


def in_markdown(output: str) -> str:
    """Put what is no table between fences."""
    parts = []
    for is_table, lines in groupby(output.splitlines(), lambda line: line.startswith("|")):
        text = "\n".join(lines).strip("\n")
        if text:
            parts.append(text if is_table else f"```\n{text}\n```")
    return "\n\n".join(parts)


def title(benchmark: Path) -> str:
    """The benchmark's name, in words."""
    return benchmark.stem.replace("_", " ").capitalize()


def section(benchmark: Path, output: str, seconds: float) -> str:
    """A heading, what the benchmark is about, and what it printed."""
    about = (ast.get_docstring(ast.parse(benchmark.read_text())) or "").split("\n\n")[0]
    took = f"Took {seconds:.0f} s, on {date.today().isoformat()}."
    return f"## {title(benchmark)}\n\n{about}\n\n{in_markdown(output)}\n\n{took}"


def summary(sections: dict[str, str]) -> str:
    """How many goals are met, and each that is not."""
    everything = "".join(sections.values())
    met, missed = (everything.count(f", {word})") for word in ("met", "MISSED"))
    bad = [
        f"- {name}: {' '.join(line.replace('|', ' ').split())}"
        for name, text in sections.items()
        for line in text.splitlines()
        if ", MISSED)" in line or line.startswith("FAILED")
    ]
    told = f"{met} of {met + missed} goals are met."
    return "\n".join([f"{told} Not met:\n", *bad]) if bad else told


def kept() -> dict[str, str]:
    """The sections of the last results, by title."""
    if not RESULTS.exists():
        return {}
    _, *texts = re.split(r"^(?=## )", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {text.splitlines()[0].removeprefix("## "): text.strip() for text in texts}


def main(names: list[str]) -> int:
    """Write the results; 1 where a benchmark failed, which a missed goal is not.

    With names of benchmarks, only these are run, and the others' results stay.
    """
    benchmarks = sorted(HERE.glob("[!_]*.py"))
    sections = kept() if names else {}
    for benchmark in benchmarks:
        if names and benchmark.stem not in names:
            continue
        print(f"{benchmark.stem} ...", file=sys.stderr, flush=True)
        began = time.perf_counter()
        output = judged(output_of(benchmark))
        print(output, flush=True)
        sections[title(benchmark)] = section(benchmark, output, time.perf_counter() - began)
    described = "\n".join(f"| {name} | {value} |" for name, value in machine())
    parts = (
        "# What was measured",
        "Written by `make bench`.",
        f"| | |\n|---|---|\n{described}",
        summary(sections),
        *(sections[name] for name in map(title, benchmarks) if name in sections),
    )
    RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return int(any("\nFAILED:" in text for text in sections.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
