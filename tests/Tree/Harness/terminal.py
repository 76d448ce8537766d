"""Runs a command in its own terminal: argv is the command. Copies its output to stdout. On stdin, "key HEX" types bytes, "size COLUMNS ROWS" resizes the
window, "freeze" and "thaw" stop and resume reading, as a window does whose program hangs, and "close" hangs the terminal up, as closing its window does.
At the end "[exit N]" is printed, N negative for a signal."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios

pid, master = pty.fork()
if pid == 0:
    # Default signals, as in a terminal: this test run may have inherited an ignored Ctrl-C (background), hang-up (nohup) or SIGPIPE (Python).
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])

hung_up = False
frozen = False
while True:
    ready, _, _ = select.select([0] if hung_up or frozen else [0, master], [], [], 0.1)
    if master in ready and not hung_up:
        try:
            os.write(1, os.read(master, 65536))
        except OSError:
            hung_up = True  # The command closed its side.
    if 0 in ready:
        line = sys.stdin.buffer.raw.readline().split()
        if not line:
            break
        if line[0] == b"key":
            os.write(master, bytes.fromhex(line[1].decode()))
        elif line[0] == b"size":
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", int(line[2]), int(line[1]), 0, 0))
        elif line[0] == b"freeze":
            frozen = True
        elif line[0] == b"thaw":
            frozen = False
        elif line[0] == b"close":
            os.close(master)
            hung_up = True
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        while not hung_up:
            try:
                os.write(1, os.read(master, 65536))
            except OSError:
                break
        print(f"[exit {os.waitstatus_to_exitcode(status)}]", flush=True)
        break
