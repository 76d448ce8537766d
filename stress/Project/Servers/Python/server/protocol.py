"""Shared by the Python servers: reports which sources the server has read, and misbehaves on request."""
import hashlib
import os
import subprocess
import threading
import time

NO_SOURCES = {'node_modules', 'build', '__pycache__', 'logs'}
ANSWERED = 0.05  # Seconds until the response has been sent.


class Sources:
    """All sources of a folder with their hashes at the time of reading."""

    def __init__(self, folder, extension):
        lines = (self._line(folder, path) for path in sorted(self._paths(folder, extension)))
        self.manifest = ''.join(lines)
        self.digest = hashlib.sha1(self.manifest.encode()).hexdigest()[:16]

    def page(self):
        return f'pid {os.getpid()}\ndigest {self.digest}\n'

    @staticmethod
    def _paths(folder, extension):
        for below, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if name not in NO_SOURCES and not name.startswith('.')]
            for name in files:
                if name.endswith(extension) and not name.startswith('.'):
                    yield os.path.relpath(os.path.join(below, name), folder)

    @staticmethod
    def _line(folder, path):
        try:
            with open(os.path.join(folder, path), 'rb') as file:
                return f'{hashlib.sha1(file.read()).hexdigest()[:12]} {path}\n'
        except FileNotFoundError:
            return ''  # Removed since it was listed: a change after the start.


def begin(name, wanted):
    fault = {'exit': exit_with, 'leak': leak, 'fork': fork}[name]
    timer = threading.Timer(ANSWERED, fault, [wanted])
    timer.daemon = True
    timer.start()


def exit_with(wanted):
    os._exit(int(wanted['code']))


def leak(wanted):
    kept = []
    while True:
        kept.append(bytearray(b'x') * (int(wanted['mb']) << 20))  # Written, or the kernel would not allocate memory for it.
        time.sleep(1)


def fork(wanted):
    """Leaves a grandchild in its own session that ignores all signals it can; ignored signals stay ignored over exec."""
    script = "trap '' TERM INT HUP; exec >/dev/null 2>&1 </dev/null; setsid sleep 600 & exit 0"
    subprocess.run(['/bin/sh', '-c', script], check=True)
