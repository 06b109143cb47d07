"""Work in a process of its own, stopped before each of its system calls: to be killed there, or to fail.

It is what ``strace --inject`` does, by the same ``ptrace(2)``, but without a start for each try: the process
is forked from this one. All its threads count together, in the order in which they call. Neither root nor
strace is needed.
"""

import ctypes
import os
import platform
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

# Of x86_64; those that are not named here go by their number.
NAMES: dict[int, str] = {
    0: "read",
    1: "write",
    3: "close",
    5: "fstat",
    8: "lseek",
    9: "mmap",
    10: "mprotect",
    11: "munmap",
    12: "brk",
    13: "rt_sigaction",
    14: "rt_sigprocmask",
    16: "ioctl",
    17: "pread64",
    18: "pwrite64",
    20: "writev",
    28: "madvise",
    39: "getpid",
    41: "socket",
    42: "connect",
    44: "sendto",
    45: "recvfrom",
    46: "sendmsg",
    47: "recvmsg",
    48: "shutdown",
    51: "getsockname",
    52: "getpeername",
    54: "setsockopt",
    55: "getsockopt",
    60: "exit",
    72: "fcntl",
    73: "flock",
    74: "fsync",
    75: "fdatasync",
    77: "ftruncate",
    79: "getcwd",
    83: "mkdir",
    87: "unlink",
    89: "readlink",
    102: "getuid",
    107: "geteuid",
    186: "gettid",
    202: "futex",
    217: "getdents64",
    231: "exit_group",
    232: "epoll_wait",
    233: "epoll_ctl",
    257: "openat",
    262: "newfstatat",
    263: "unlinkat",
    270: "pselect6",
    271: "ppoll",
    273: "set_robust_list",
    285: "fallocate",
    291: "epoll_create1",
    302: "prlimit64",
    318: "getrandom",
    334: "rseq",
    435: "clone3",
    7: "poll",
}
# The first argument of these is a file descriptor.
OF_A_FILE = frozenset(
    (
        *("read", "write", "pread64", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fstat"),
        *("lseek", "close", "fcntl", "sendto", "recvfrom", "sendmsg", "recvmsg", "connect"),
    )
)

TRACEME, POKEUSER, SYSCALL, SETOPTIONS, GET_SYSCALL_INFO = 0, 6, 24, 0x4200, 0x420E
# Syscall stops have a number of their own; threads and children are followed; nobody outlives this process.
OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x100000
SYSCALL_STOP = signal.SIGTRAP | 0x80
ALL_THREADS = 0x40000000
WORDS = 40
ENTRY, PIDFD_GETFD = 1, 438
# Where the kernel keeps these registers in `struct user` of x86_64.
RESULT, NUMBER = 10 * 8, 15 * 8

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.restype = ctypes.c_long
_libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)


class _Info(ctypes.Structure):
    """``struct ptrace_syscall_info``, as far as it tells of the entry."""

    _fields_ = (
        ("op", ctypes.c_uint8),
        ("_pad", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("instruction", ctypes.c_uint64),
        ("stack", ctypes.c_uint64),
        ("number", ctypes.c_uint64),
        ("arguments", ctypes.c_uint64 * 6),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: its number in the order of all, its name, and the file that it is about, if one.

    Of what is sent `says` has the beginning; the arguments are as the kernel gets them.
    """

    number: int
    name: str
    file: str
    says: bytes
    process: int
    arguments: tuple[int, ...]

    def peek(self, address: int, size: int) -> bytes:
        """What stands in its process's memory; only while it is being decided about."""
        with Path(f"/proc/{self.process}/mem").open("rb", buffering=0) as memory:
            memory.seek(address)
            return memory.read(size)

    def hang_up(self) -> None:
        """Ends the connection that it is about, for both ends, as a router that forgets it would."""
        process = os.pidfd_open(self.process)
        descriptor = _libc.syscall(PIDFD_GETFD, process, self.arguments[0], 0)
        os.close(process)
        with socket.socket(fileno=descriptor) as line, suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class Run:
    """What was called, and how it ended: with an exit code, or killed by us before the last of the calls."""

    calls: Sequence[Call]
    code: int | None

    @property
    def was_killed(self) -> bool:
        """Whether it came so far."""
        return self.code is None


Decide = Callable[[Call], int | None]
"""What befalls a call: 0 lets it pass, an errno lets it fail, None kills the process before it."""


class PtraceRefused(Exception):
    """This machine lets nobody trace; the sentence says which."""


def missing() -> str | None:
    """Why nothing can be traced here, or None."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return (
            f"no sweep here: it knows the system calls of Linux on x86_64, and this is {platform.machine()}"
        )
    try:
        traced(lambda: None, lambda _: 0)
    except PtraceRefused as fault:
        return str(fault)
    return None


def traced(work: Callable[[], None], decide: Decide) -> Run:
    """Does `work` in a child; `decide` is asked before each of its system calls.

    To be called from the main thread of a process that has no other children.
    """
    child = os.fork()
    if child == 0:
        if _libc.ptrace(TRACEME, 0, None, None) != 0:
            os._exit(ctypes.get_errno())
        os.kill(os.getpid(), signal.SIGSTOP)
        _work_and_exit(work)
    _, status = os.waitpid(child, ALL_THREADS)
    if not os.WIFSTOPPED(status):
        raise PtraceRefused(
            f"no sweep here: ptrace is refused ({os.strerror(os.waitstatus_to_exitcode(status))}); "
            "a container may need --cap-add SYS_PTRACE"
        )
    _libc.ptrace(SETOPTIONS, child, None, OPTIONS)
    return _Tracing(child, decide).run()


def alone(work: Callable[[], None]) -> int:
    """Does `work` in a child that nobody watches; its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        _work_and_exit(work)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _work_and_exit(work: Callable[[], None]) -> None:
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001  nothing may climb into the caller's copy of the stack
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


class _Tracing:
    """One traced process, until it has ended."""

    def __init__(self, child: int, decide: Decide) -> None:
        self._child = child
        self._decide = decide
        self._calls: list[Call] = []
        self._failing: dict[int, int] = {}
        self._info = _Info()
        self._code: int | None = None
        self._was_killed = False

    def run(self) -> Run:
        """Lets it run from call to call."""
        self._go_on(self._child, 0)
        while True:
            thread, status = os.waitpid(-1, ALL_THREADS)
            if os.WIFSTOPPED(status):
                self._stopped(thread, os.WSTOPSIG(status), status >> 16)
            elif thread == self._child:
                code = os.waitstatus_to_exitcode(status)
                return Run(self._calls, None if self._was_killed else code)

    def _stopped(self, thread: int, number: int, event: int) -> None:
        if number == SYSCALL_STOP:
            self._at_a_call(thread)
            number = 0
        elif event or number in (signal.SIGSTOP, signal.SIGTRAP):  # a thread begins
            number = 0
        self._go_on(thread, number)

    def _at_a_call(self, thread: int) -> None:
        size = ctypes.sizeof(self._info)
        if _libc.ptrace(GET_SYSCALL_INFO, thread, size, ctypes.addressof(self._info)) <= 0:
            return  # it was killed meanwhile
        if self._info.op != ENTRY:
            if fault := self._failing.pop(thread, 0):
                _libc.ptrace(POKEUSER, thread, RESULT, -fault)
            return
        call = self._call(thread)
        self._calls.append(call)
        what = self._decide(call)
        if what is None:
            self._was_killed = True
            os.kill(self._child, signal.SIGKILL)
        elif what:
            self._failing[thread] = what
            _libc.ptrace(POKEUSER, thread, NUMBER, -1)

    def _call(self, thread: int) -> Call:
        name = NAMES.get(self._info.number, f"call {self._info.number}")
        arguments = tuple(self._info.arguments)
        file = ""
        if name in OF_A_FILE:
            with suppress(OSError):
                file = str(Path(f"/proc/{thread}/fd/{arguments[0]}").readlink())
        call = Call(len(self._calls), name, file, b"", self._child, arguments)
        if name == "sendto":
            return replace(call, says=call.peek(arguments[1], min(arguments[2], WORDS)))
        return call

    @staticmethod
    def _go_on(thread: int, number: int) -> None:
        _libc.ptrace(
            SYSCALL, thread, None, number
        )  # fails when it was killed meanwhile, and that is all right
