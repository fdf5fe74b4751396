"""Command line of the MISP double: `python3 tests/misp_double`. The work is done in the package."""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Python puts the folder that it runs on the path. Its files could then be imported a second time, without the package.
sys.path[:] = [str(HERE.parent)] + [entry for entry in sys.path if Path(entry or ".").resolve() != HERE]

from misp_double.server import serve  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="misp_double", description="A MISP server for tests.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one (default)")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="serve https with this certificate (PEM)")
    parser.add_argument("--client-ca", metavar="CA", help="with --tls: demand a client certificate of this CA")
    parser.add_argument("--journal", metavar="FILE", help="append every request to FILE, one JSON object a line")
    parser.add_argument("--clock", type=int, default=0, metavar="SECONDS", help="by how much the Date header is ahead")
    parser.add_argument("--state", metavar="FILE", help="load the stored events from FILE, write them back at the end")
    options = parser.parse_args()
    if options.client_ca and not options.tls:
        parser.error("--client-ca needs --tls")
    return options


if __name__ == "__main__":
    serve(arguments())
