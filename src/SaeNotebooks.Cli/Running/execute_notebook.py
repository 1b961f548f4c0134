"""Execute one notebook and report each step as a line of JSON on standard output.

Arguments: source, destination, working directory, kernel name, seconds allowed per cell.
The kernel is started at once; cells run as soon as a line comes in on standard input.
The destination is written whether or not a cell fails, so that the failure can be looked at.
Exit status: 0 executed, 1 a cell failed, 2 the kernel could not be used.
"""
import json
import os
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def report(**event):
    print(json.dumps(event), flush=True)


def write(notebook, path):
    partial = path + ".partial"
    with open(partial, "w", encoding="utf-8") as file:
        nbformat.write(notebook, file)
    os.replace(partial, path)


def execute_cells(client, cells):
    for done, (index, cell) in enumerate(cells):
        report(event="cell", number=index + 1)
        start = time.monotonic()
        try:
            client.execute_cell(cell, index, execution_count=done + 1)
        except CellExecutionError as error:
            lines = [line for output in cell.outputs if output.output_type == "error" for line in output.traceback]
            report(event="failed", number=index + 1, name=error.ename, message=error.evalue, trace="\n".join(lines))
            return 1
        except CellTimeoutError:
            report(event="failed", number=index + 1, name="CellTimeoutError", message=f"ran longer than {client.timeout} s", trace="")
            return 1
        except DeadKernelError:
            report(event="failed", number=index + 1, name="DeadKernelError", message="the kernel's process ended", trace="")
            return 1
        report(event="done", number=index + 1, seconds=time.monotonic() - start)
    return 0


def main(source, destination, folder, kernel, timeout):
    notebook = nbformat.read(source, as_version=4)
    cells = [(i, c) for i, c in enumerate(notebook.cells) if c.cell_type == "code" and c.source.strip()]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(notebook, timeout=timeout, startup_timeout=60, kernel_name=kernel, record_timing=False,
                            resources={"metadata": {"path": folder}})
    client.reset_execution_trackers()
    start = time.monotonic()
    try:
        with client.setup_kernel():
            seconds = time.monotonic() - start
            if not sys.stdin.readline():
                return 2  # whoever wanted the cells run is gone
            report(event="kernel", seconds=seconds)
            status = execute_cells(client, cells)
            write(notebook, destination)
            report(event="ended")
    except Exception as error:  # whatever keeps a kernel from starting is one line for the person at the console
        report(event="nokernel", message=f"{type(error).__name__}: {error}")
        return 2
    return status


if __name__ == "__main__":
    source, destination, folder, kernel, timeout = sys.argv[1:]
    sys.exit(main(source, destination, folder, kernel, int(timeout)))
