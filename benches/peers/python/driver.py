"""Runs DuckDB or Polars for the benchmark.

    driver.py duckdb|polars FOLDER

Loads FOLDER/rows.csv by FOLDER/task.json, says so on standard output, then answers a request a line:
{"query": 3, "ask": "count", "slice": 0.05} with {"seconds": 0.0012, "answer": 17}.
"""

import functools
import gc
import json
import operator
import statistics
import sys
import time
from pathlib import Path

SQL_TYPES = {"text": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN"}


def seconds(answer):
    start = time.perf_counter()
    answer()
    return time.perf_counter() - start


def fastest(ways):
    """The fastest of several ways to give the same answer."""
    return min(ways, key=lambda way: statistics.median(seconds(way) for _ in range(7)))


def duckdb_answers(folder, task):
    import duckdb

    connection = duckdb.connect(":memory:")
    columns = {"row": "INTEGER"} | {name: SQL_TYPES[kind] for name, kind in task["columns"]}
    path = str(folder / "rows.csv").replace("'", "''")
    connection.execute(
        f"CREATE TABLE contact AS FROM read_csv('{path}', header = true, delim = ',', columns = {columns})"
    )

    def prepared(name, sql):
        connection.execute(f"PREPARE {name} AS {sql}")
        return lambda: connection.execute(f"EXECUTE {name}").fetchall()

    def count(rows):
        return lambda: rows()[0][0]

    def page(rows):
        return lambda: [row for (row,) in rows()]

    answers = {}
    for number, query in enumerate(task["queries"]):
        for ask, way, of in (("count", count, "counts"), ("page", page, "pages")):
            rows = [prepared(f"{ask}_{number}_{n}", sql) for n, sql in enumerate(query[of])]
            answers[number, ask] = fastest([way(each) for each in rows])
    return f"DuckDB {duckdb.__version__} in memory, prepared statements", answers


def polars_test(pl, test):
    ((name, operands),) = test.items()
    if name in ("empty", "not_empty"):
        column = pl.col(operands)
        return column.is_null() if name == "empty" else column.is_not_null()
    column, *operands = operands
    column = pl.col(column)
    if name == "equal" and operands == [True]:
        return column
    tests = {
        "equal": lambda value: column == value,
        "not_equal": lambda value: column != value,
        "in": lambda values: column.is_in(values),
        "starts_with": lambda text: column.str.starts_with(text),
        "ends_with": lambda text: column.str.ends_with(text),
        "contains": lambda text: column.str.contains(text, literal=True),
        "not_contains": lambda text: ~column.str.contains(text, literal=True),
        "at_least": lambda low: column >= low,
        "less": lambda high: column < high,
        "between": lambda low, high: column.is_between(low, high),
    }
    return tests[name](*operands)


def polars_filter(pl, branches):
    any_of = functools.partial(functools.reduce, operator.or_)
    all_of = functools.partial(functools.reduce, operator.and_)
    groups = [
        all_of([any_of([polars_test(pl, test) for test in tests]) for tests in groups]) for groups in branches
    ]
    return any_of(groups) if groups else None


def polars_count(frame, matching):
    return lambda: frame.height if matching is None else frame.select(matching.sum()).item()


def polars_pages(frame, matching, query, limit):
    rows = frame.lazy() if matching is None else frame.lazy().filter(matching)

    def ways(rows):
        page = rows.slice(query["offset"], limit).select("row")
        return [
            lambda: page.collect()["row"].to_list(),
            lambda: page.collect(engine="streaming")["row"].to_list(),
        ]

    def eager():
        found = frame.select("row").filter(frame.select(matching).to_series())
        return found.head(limit)["row"].to_list()

    if not query["order"]:
        return [*ways(rows), eager]
    keys = [key["column"] for key in query["order"]]
    # Empty values first, and last where the order is descending.
    last = [key["descending"] for key in query["order"]]
    by_row = rows.sort([*keys, "row"], descending=[*last, False], nulls_last=[*last, False])
    stable = rows.sort(keys, descending=last, nulls_last=last, maintain_order=True)
    return [*ways(by_row), *ways(stable)]


def polars_answers(folder, task):
    import polars as pl

    types = {"text": pl.String, "integer": pl.Int64, "boolean": pl.Boolean}
    schema = {"row": pl.Int32} | {name: types[kind] for name, kind in task["columns"]}
    frame = pl.read_csv(folder / "rows.csv", schema=schema).rechunk()
    answers = {}
    for number, query in enumerate(task["queries"]):
        matching = polars_filter(pl, query["filter"])
        answers[number, "count"] = polars_count(frame, matching)
        answers[number, "page"] = fastest(polars_pages(frame, matching, query, task["limit"]))
    return f"Polars {pl.__version__}", answers


def main():
    kind, folder = sys.argv[1], Path(sys.argv[2])
    task = json.loads((folder / "task.json").read_text())
    version, answers = {"duckdb": duckdb_answers, "polars": polars_answers}[kind](folder, task)
    print(json.dumps({"version": version}), flush=True)
    gc.disable()
    for line in sys.stdin:
        request = json.loads(line)
        answer = answers[request["query"], request["ask"]]
        begin, times = time.perf_counter(), []
        while not times or time.perf_counter() - begin < request["slice"] and len(times) < 10_000:
            start = time.perf_counter()
            given = answer()
            times.append(time.perf_counter() - start)
        gc.collect()
        print(json.dumps({"seconds": statistics.median(times), "answer": given}), flush=True)


main()
