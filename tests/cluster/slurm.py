"""A Slurm cluster of one node on this machine: its own daemons, keys and folders, started and stopped by the tests."""

from __future__ import annotations

import os
import platform
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from bits import wait_until
from workspace import Workspace

#: Makes a study of its own; arguments change its profile.
Studies = Callable[..., Workspace]

#: What Debian's packages slurm-wlm and munge bring.
PROGRAMS = (
    "munged",
    "slurmctld",
    "slurmd",
    "sbatch",
    "scancel",
    "scontrol",
    "squeue",
    "sinfo",
    "srun",
)

#: Two cores whatever the machine has, and two GPUs that are none: the plugin wants a device file for each. A
#: job that is started again waits until its old credential has expired.
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=20
KillWait=10
MinJobAge=86400
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
GresTypes=gpu
NodeName=localhost NodeAddr=127.0.0.1 Sockets=1 CoresPerSocket=2 ThreadsPerCore=1 RealMemory=64000 Gres=gpu:2
PartitionName=cpu Nodes=localhost Default=YES PriorityTier=1
PartitionName=gpu Nodes=localhost PriorityTier=1
PartitionName=urgent Nodes=localhost PriorityTier=9
"""
GPUS = """\
NodeName=localhost Name=gpu File=/dev/zero
NodeName=localhost Name=gpu File=/dev/full
"""


def missing() -> str:
    """Why no cluster can be started here; empty where one can."""
    absent = [program for program in PROGRAMS if shutil.which(program) is None]
    if absent:
        return f"{', '.join(absent)} not installed: apt-get install slurm-wlm munge"
    if os.geteuid() != 0:
        return "slurmctld and slurmd start jobs as their users, so these tests must be run as root"
    return ""


class NotStarted(Exception):
    """The daemons do not run on this machine."""


class Cluster:
    """The daemons and what they are asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.daemons: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("munge", "state", "spool"):
            (folder / name).mkdir(mode=0o755)
        (folder / "munge" / "key").write_bytes(os.urandom(128))
        (folder / "munge" / "key").chmod(0o600)
        text = CONFIGURATION.format(folder=folder, host=platform.node(), ports=free_ports(2))
        (folder / "slurm.conf").write_text(text)
        (folder / "gres.conf").write_text(GPUS)
        # The executor takes every SLURM_* from a job's environment before it calls srun.
        srun = folder / "bin" / "srun"
        srun.parent.mkdir()
        srun.write_text(
            f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {shutil.which("srun")} "$@"\n'
        )
        srun.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        """What points Slurm's programs to this cluster."""
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return {"SLURM_CONF": str(self.folder / "slurm.conf"), "PATH": path}

    def start(self) -> None:
        """Start all daemons, and wait until the node is ready for jobs."""
        own = self.folder / "munge"
        self._start("munged", "--foreground", "--force", f"--socket={own}/socket", f"--key-file={own}/key",
                    f"--log-file={own}/log", f"--pid-file={own}/pid", f"--seed-file={own}/seed")  # fmt: skip
        self._wait(lambda: (own / "socket").exists(), "munged has no socket")
        self._start("slurmctld", "-D")
        self.start_node()

    def start_node(self) -> None:
        """Start the node's daemon, and wait until it is ready for jobs."""
        self._start("slurmd", "-D", "-N", "localhost")
        ready = ("idle", "mixed", "allocated")
        self._wait(lambda: self.node() in ready, "the node is not ready")

    def stop(self) -> None:
        """End all jobs and daemons."""
        self.ask("scancel", "--user=root", "--signal=KILL", "--full")
        self.ask("scancel", "--user=root")
        for daemon in reversed(self.daemons.values()):
            daemon.terminate()
        for daemon in self.daemons.values():
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def ask(self, *command: str) -> str:
        """The answer of one of Slurm's programs; empty where it has none."""
        done = subprocess.run(
            command, env=os.environ | self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def node(self) -> str:
        """The state of the node."""
        return self.ask("sinfo", "--noheader", "--format=%T", "--partition=cpu").rstrip("*")

    def jobs(self, partition: str, state: str = "RUNNING") -> list[str]:
        """Ids of the jobs of a partition in a state."""
        options = (f"--partition={partition}", f"--states={state}", "--format=%i")
        return self.ask("squeue", "--noheader", *options).split()

    def history(self) -> list[dict[str, str]]:
        """What Slurm remembers of all jobs, the latest last."""
        lines = self.ask("scontrol", "--oneliner", "show", "job").splitlines()
        return [dict(re.findall(r"(\w+)=(\S+)", line)) for line in lines]

    def _wait(self, ready: Callable[[], object], complaint: str) -> None:
        """Wait for the daemons; raises `NotStarted` when one of them ends instead, or after a minute and a half."""
        try:
            wait_until(lambda: ready() or self._ended(), complaint, patience=90)
        except AssertionError as error:
            raise NotStarted(str(error)) from None
        if ended := self._ended():
            raise NotStarted(ended)

    def _ended(self) -> str:
        """The daemon that no longer runs, and its last word; empty where all do."""
        for program, daemon in self.daemons.items():
            if daemon.poll() is not None:
                said = (self.folder / f"{program}.out").read_text(errors="replace").split("\n")
                return f"{program} ended with {daemon.returncode}: {' '.join(said[-3:]).strip()}"
        return ""

    def _start(self, program: str, *options: str) -> None:
        log = (self.folder / f"{program}.out").open("ab")
        with log:
            self.daemons[program] = subprocess.Popen(
                [program, *options],
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports
