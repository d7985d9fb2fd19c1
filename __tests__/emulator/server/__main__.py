"""Command line: python3 -m server --port N [--log FILE]

Listens on 127.0.0.1 only. When ready it prints one JSON line, {"port": N, "moto": "5.2.1"}, and serves until SIGTERM or
until its stdin ends: give it a pipe as stdin, and it cannot outlive the process that started it.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
from importlib import metadata

# The corrections reach into moto's internals: another version may need other ones.
MOTO_VERSION = "5.2.1"

STDIN = 0

MOTO_SETTINGS = {
    "MOTO_ACM_VALIDATION_WAIT": "0",  # else a certificate stays pending for up to 60 s
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # nothing here needs an AMI; loading them takes seconds
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",  # roles attach policies that AWS manages
    "TEST_SERVER_MODE": "true",
    # moto's own calls through boto3 need some credentials and a region.
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="server", description="Serve a local AWS for Terraform on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 (the default) picks a free one")
    parser.add_argument("--log", metavar="FILE", help="append one JSON line per request to FILE")
    return parser.parse_args()


def require_moto():
    """Exit with 2 and one sentence unless exactly the known moto can be imported."""
    try:
        import moto.server  # noqa: F401  (also proves that the "server" extra, Flask, is installed)

        found = metadata.version("moto")
    except ImportError as error:
        print(f"The emulator needs moto {MOTO_VERSION} with its server extra, which cannot be imported ({error}): "
              f"pip install 'moto[server]=={MOTO_VERSION}'.", file=sys.stderr)
        sys.exit(2)
    if found != MOTO_VERSION:
        print(f"The emulator needs exactly moto {MOTO_VERSION}, but {found} is installed: "
              f"pip install 'moto[server]=={MOTO_VERSION}'.", file=sys.stderr)
        sys.exit(2)


def terminate_when_stdin_ends():
    def wait():
        # Not through sys.stdin: its lock, held by this thread, would abort the interpreter's shutdown.
        with contextlib.suppress(OSError):
            while os.read(STDIN, 4096):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def main():
    arguments = parse_arguments()
    os.environ.update(MOTO_SETTINGS)
    require_moto()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    if not __package__:  # started by path: make the package importable under its own name
        sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from server.http_server import create_server

    server = create_server(arguments.port, arguments.log)
    terminate_when_stdin_ends()
    print(json.dumps({"port": server.port, "moto": MOTO_VERSION}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
