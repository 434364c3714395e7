#!/usr/bin/env python3
"""Gives the instances of `speed.rs` to other solvers and to ours, side by side in one run.

    pip install ortools highspy
    cargo build --release
    cargo bench -p methods -- save /tmp/instances
    benches/beside.py /tmp/instances target/release/roundtable

A solver that is not installed is left out and named. Prints a line for each: what, who, seconds, value.
"""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

try:
    from ortools.graph.python import min_cost_flow
except ImportError:
    min_cost_flow = None
try:
    import highspy
except ImportError:
    highspy = None


def tell(what, who, seconds, value):
    print(f"{what}: {who} {seconds:.3f} s, value {value}")


def read_assignment(folder, bids):
    with open(folder / f"matrix-{bids}.csv", newline="") as file:
        matrix = [[int(cell) for cell in row] for row in csv.reader(file)]
    with open(folder / f"limits-{bids}.csv", newline="") as file:
        limits = [(int(row["min"]), int(row["max"])) for row in csv.DictReader(file)]
    return matrix, limits


def ours_assigns(program, folder, bids):
    files = [str(folder / f"matrix-{bids}.csv"), "--limits", str(folder / f"limits-{bids}.csv")]
    done = subprocess.run([program, "assign", *files, "--per-bid", "3", "--json"], capture_output=True, check=True)
    answer = json.loads(done.stdout)
    tell(f"assign {bids}", "roundtable", answer["seconds"], answer["value"])


def ortools_assigns(folder, bids):
    """The whole network for the small round; of the large one each bid's best two hundred, which is no proof for the rest."""
    matrix, limits = read_assignment(folder, bids)
    flow = min_cost_flow.SimpleMinCostFlow()
    most, end = len(limits), bids + len(limits)
    for bid, row in enumerate(matrix):
        open_to = [assessor for assessor in range(most) if row[assessor] >= 0]
        open_to.sort(key=lambda assessor: -row[assessor])
        for assessor in open_to[: most if bids < 1000 else 200]:
            flow.add_arc_with_capacity_and_unit_cost(bid, bids + assessor, 1, -row[assessor])
        flow.set_node_supply(bid, 3)
    for assessor, (low, high) in enumerate(limits):
        flow.add_arc_with_capacity_and_unit_cost(bids + assessor, end, high - low, 0)
        flow.set_node_supply(bids + assessor, -low)
    flow.set_node_supply(end, sum(low for low, _ in limits) - 3 * bids)
    begun = time.perf_counter()
    status = flow.solve()
    value = -flow.optimal_cost() if status == flow.OPTIMAL else "none"
    tell(f"assign {bids}", "ortools", time.perf_counter() - begun, value)


def ours_chooses(program, folder, bids, gap):
    words = [program, "portfolio", str(folder / f"portfolio-{bids}.json"), "--gap", str(gap), "--json"]
    answer = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    tell(f"portfolio {bids}", "roundtable", answer["seconds"], f"{answer['value']:.3f}, gap {answer['gap']:.1e}")


def rows_of(problem):
    """Each rule as rows: lower bound, upper bound, columns and weights."""
    bids = problem["bids"]
    yield 0, problem["budget"], [(place, bid["amount"]) for place, bid in enumerate(bids)]
    for rule in problem["rules"]:
        of, by_value = rule["of"], {}
        for place, bid in enumerate(bids):
            weight = bid["amount"] if rule.get("amount") is not None else 1
            by_value.setdefault(bid.get(of), []).append((place, weight))
        limit = rule["amount"] if rule.get("amount") is not None else rule["awards"]
        wanted = by_value.values() if rule["rule"] == "each" else [by_value.get(rule["is"], [])]
        for terms in wanted:
            yield (limit, highspy.kHighsInf, terms) if rule["rule"] == "floor" else (0, limit, terms)


def highs_chooses(folder, bids, gap):
    problem = json.loads((folder / f"portfolio-{bids}.json").read_text())
    begun = time.perf_counter()
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("mip_rel_gap", gap)
    model.setOptionValue("threads", 1)
    for bid in problem["bids"]:
        model.addCol(-bid["value"], 0, 1, 0, [], [])
    for place in range(len(problem["bids"])):
        model.changeColIntegrality(place, highspy.HighsVarType.kInteger)
    for low, high, terms in rows_of(problem):
        model.addRow(low, high, len(terms), [place for place, _ in terms], [weight for _, weight in terms])
    model.run()
    info = model.getInfo()
    value = f"{-info.objective_function_value:.3f}, gap {info.mip_gap:.1e}"
    tell(f"portfolio {bids}", "highspy", time.perf_counter() - begun, value)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, program = Path(sys.argv[1]), sys.argv[2]
    for name, module in [("ortools", min_cost_flow), ("highspy", highspy)]:
        if module is None:
            print(f"{name} is not installed and left out")
    for bids in (384, 10_000):
        ours_assigns(program, folder, bids)
        if min_cost_flow:
            ortools_assigns(folder, bids)
    for bids, gap in ((384, 0.0), (10_000, 1e-4)):
        ours_chooses(program, folder, bids, gap)
        if highspy:
            highs_chooses(folder, bids, gap)


if __name__ == "__main__":
    main()
