# The words of the catalogue's lines, in addition to the tools themselves. /bin/sh runs each line in the watched root, after this file.
# ROOT: the root; OUTSIDE: an unwatched folder beside it; RUN: the watcher's own folder.

set -eu
exec 3>&1 4<&0 >&2 </dev/null

export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
export GIT_CONFIG_COUNT=3 GIT_CONFIG_KEY_0=gc.auto GIT_CONFIG_VALUE_0=0 GIT_CONFIG_KEY_1=init.defaultBranch GIT_CONFIG_VALUE_1=main
export GIT_CONFIG_KEY_2=advice.detachedHead GIT_CONFIG_VALUE_2=false GIT_EDITOR=true

# Sends a request to the test, which answers with one line.
ask() {
    printf '%s\n' "$*" >&3
    IFS= read -r answer <&4
    printf '%s\n' "$answer"
}

# --- To the watcher and its parent

flush() { ask flush >/dev/null; }                # everything saved so far is reported and acknowledged
forget() { ask forget >/dev/null; }              # the same, and reports up to here do not count
await() { ask await "$1" >/dev/null; }           # waits until the name is reported, without a flush
warned() { ask warned "$1" >/dev/null; }         # waits until the watcher has warned with this text
heartbeat() { ask heartbeat; }                   # the next one, as JSON
die() { ask die >/dev/null; }                    # SIGKILL; returns when it is dead
revive() { ask revive >/dev/null; }              # starts the next watcher from the parent's position; returns after the hello
freeze() { ask freeze >/dev/null; }              # SIGSTOP
thaw() { ask thaw >/dev/null; }
pause() { ask pause >/dev/null; }                # the parent neither applies nor acknowledges
go_on() { ask go_on >/dev/null; }
lose() { ask lose >/dev/null; }                  # batches are not delivered from now on
silence() { ask silence >/dev/null; }            # batches are applied and not acknowledged
sent() { ask sent >/dev/null; }                  # waits until a batch was lost, or applied without acknowledgement; then all are acknowledged again
told() { ask told "$1"; }                        # yes, once a batch has named it
pid() { ask pid; }

# How often everything was read again, for any cause: a watcher that was stopped for seconds may count that as a cause before it notices the overflow.
resyncs() { heartbeat|py 'import json, sys; print(sum(json.load(sys.stdin)["resyncs"].values()))'; }

# jump SECONDS: shifts the clock of the watcher only.
jump() { py 'import os, struct, sys; open(os.environ["CLOCK_SHIFT"], "r+b").write(struct.pack("l", int(sys.argv[1])))' "$1"; }

# The number of watches of its inotify instance.
watches() { cat "/proc/$(pid)/fdinfo"/* 2>/dev/null | grep -c '^inotify' || true; }

# --- To files

py() { /usr/bin/python3 -IS -c "$@"; }

# many COUNT FOLDER: that many files in it, made by one process.
many() {
    py 'import os, sys
os.makedirs(sys.argv[2], exist_ok=True)
for i in range(int(sys.argv[1])):
    with open("%s/m%d.py" % (sys.argv[2], i), "w") as f: f.write(sys.argv[3])' "$1" "$2" "${3:-one}"
}

# forest FOLDER DIRECTORIES FILES: directories with that many files each.
forest() {
    py 'import os, sys
for d in range(int(sys.argv[2])):
    os.makedirs("%s/d%d" % (sys.argv[1], d))
    for i in range(int(sys.argv[3])):
        with open("%s/d%d/m%d.py" % (sys.argv[1], d, i), "w") as f: f.write("one")' "$1" "$2" "$3"
}

# repository: makes the root a git repository with everything committed.
repository() { git init -q . && git add -A && git commit -qm first; }

# exchange A B: both names at once, renameat2(RENAME_EXCHANGE).
exchange() {
    py 'import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
assert libc.renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2) == 0' "$1" "$2"
}

# --- Saves of editors, as recorded

# vim, backupcopy=no (and auto, where it can): a probe, the old file aside, a new one in its place, the old one gone.
as_vim() {
    : >4913
    chmod 644 4913
    rm 4913
    mv "$1" "$1~"
    echo two >"$1"
    chmod 644 "$1"
    rm "$1~"
}

# vim.tiny, backupcopy=yes: 17 events, 13 of them about its swap files.
as_vim_tiny() {
    py 'import os, sys
name = sys.argv[1]
swap, probe = ".%s.swp" % name, ".%s.swx" % name
a = os.open(swap, os.O_CREAT | os.O_EXCL | os.O_RDWR); b = os.open(probe, os.O_CREAT | os.O_EXCL | os.O_RDWR)
os.close(b); os.unlink(probe); os.close(a); os.unlink(swap)
a = os.open(swap, os.O_CREAT | os.O_EXCL | os.O_RDWR); os.write(a, b"b0VIM 9.0"); os.fchmod(a, 0o644); os.write(a, b"pages")
f = os.open(name, os.O_WRONLY | os.O_TRUNC); os.write(f, b"two\n"); os.fchmod(f, 0o644); os.close(f); os.chmod(name, 0o644)
os.close(a); os.unlink(swap)' "$1"
}

# emacs: a lock that is a dangling link, the old file becomes the backup, a new one in its place.
as_emacs() {
    ln -s "user@host.1:1" ".#$1"
    mv "$1" "$1~"
    echo two >"$1"
    rm ".#$1"
}

# Written beside it, then renamed over it: most of the others. as_atomic FILE TEMPORARY
as_atomic() {
    echo two >"$2"
    chmod 644 "$2"
    mv "$2" "$1"
}

# VS Code, nano, notepads: the same inode, emptied and written.
as_truncating() {
    py 'import os, sys
f = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o644); os.write(f, b"two\n"); os.close(f)' "$1"
}

# written_slowly FILE: three pieces with pauses in between, then closed.
written_slowly() {
    py 'import os, sys, time
f = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o644)
for piece in (b"one ", b"two ", b"three\n"): os.write(f, piece); time.sleep(0.02)
os.close(f)' "$1"
}

# --- New directories

# newborn COUNT: directories, each with a file that is written at once.
newborn() {
    py 'import os, sys
for i in range(int(sys.argv[1])):
    os.mkdir("n%d" % i)
    open("n%d/f.py" % i, "w").close()' "$1"
}

# --- To logs

# flip FILE OFFSET: one byte becomes another.
flip() {
    py 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2])); byte = f.read(1)
    f.seek(int(sys.argv[2])); f.write(bytes([byte[0] ^ 0x55]))' "$1" "$2"
}

# --- Changes the kernel does not report

# mapped FILE [UNTIL]: changes its bytes through a shared mapping; the process runs until the file UNTIL exists.
mapped() {
    py 'import mmap, os, sys, time
f = open(sys.argv[1], "r+b")
m = mmap.mmap(f.fileno(), 0)
m[0:3] = b"two"
if len(sys.argv) == 2:
    m.close(); f.close()
else:
    m.flush()
    while not os.path.exists(sys.argv[2]): time.sleep(0.02)' "$@"
}

# in_turns NAME TARGET COUNT: the name is a directory, then a link to the target, repeatedly; a link at the end.
in_turns() {
    py 'import os, sys
name, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
for i in range(count):
    os.mkdir(name); os.rmdir(name); os.symlink(target, name)
    if i < count - 1: os.unlink(name)' "$1" "$2" "$3"
}
