"""Results in a bucket, through Snakemake's storage plugin: what a local run makes, to the bit."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bits import outcome, same, wait_until
from slurm import Studies, free_ports
from workspace import JOB, Workspace

from replication.plan.paths import ARM_FILES, RUN_FILES

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

#: Needed beside the workflow's own packages: the plugin, and a server to be asked in place of a cloud.
PACKAGES = ("snakemake_storage_plugin_s3", "moto", "flask")

#: Images, with a classifier; and points, which are trained all seeds at once.
SHORT = {
    "critic_steps": 6,
    "checkpoints": 2,
    "logs": 3,
    "seeds": 2,
    "arms": [
        {"dataset": "mnist_5k", "net": "mlp", "methods": ["gan_ns"], "seeds": 1},
        {"dataset": "ring", "net": "points", "methods": ["wgan_gp"], "variants": ["decay"], "together": True},
    ],
}  # fmt: skip
RUNS = ("mnist_5k/mlp/gan_ns/paper/seed0", "ring/points/wgan_gp/decay/seeds0-1")
TABLES = ("summary.csv", "tracking.csv")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """An empty bucket of a server on this machine; Snakemake finds the server by itself."""
    for package in PACKAGES:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"no {package}: pip install -r requirements-cluster.lock")
    import boto3

    (port,) = free_ports(1)
    monkeypatch.setenv("SNAKEMAKE_STORAGE_S3_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with (tmp_path / "server.log").open("w") as log:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until(lambda: _listens(port) or server.poll() is not None, "no server", patience=120)
        assert server.poll() is None, (tmp_path / "server.log").read_text()
        client = boto3.resource(
            "s3", endpoint_url=os.environ["SNAKEMAKE_STORAGE_S3_ENDPOINT_URL"], region_name="us-east-1"
        )  # fmt: skip
        yield client.create_bucket(Bucket="bucket")
    finally:
        server.kill()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def emptied(study: Workspace) -> Workspace:
    """A study on a machine that has nothing yet."""
    for folder in ("results", ".snakemake"):
        subprocess.run(["rm", "-r", study.folder / folder], check=True)
    return study


def through(study: Workspace) -> str:
    """Make the quality of all runs, with results in the bucket; returns what Snakemake said."""
    return study.succeed(
        "snakemake", "--cores", "2", "--default-storage-provider", "s3",
        "--default-storage-prefix", "s3://bucket/study", "--", "metrics",
    )  # fmt: skip


def fetched(bucket: Any, folder: Path) -> Path:
    """The results in the bucket, copied to a folder."""
    for item in bucket.objects.filter(Prefix="study/results/"):
        path = folder / item.key.removeprefix("study/results/")
        path.parent.mkdir(parents=True, exist_ok=True)
        bucket.download_file(item.key, str(path))
    return folder


def test_results_in_a_bucket_are_those_of_a_local_run(
    bucket: Any, studies: Studies, tmp_path: Path
) -> None:
    here, there, elsewhere = studies(**SHORT), emptied(studies(**SHORT)), emptied(studies(**SHORT))
    here.succeed("snakemake", "--cores", "2", "metrics")
    through(there)

    # What is in the bucket is no longer here, but for what can be thrown away; and is what a local run makes.
    kept = [path for path in there.folder.rglob("*") if path.suffix in (".parquet", ".safetensors")]
    assert not [
        path for path in kept if there.folder / "results" / "smoke" / "scratch" not in path.parents
    ]
    local, remote = (
        here.folder / "results" / "smoke",
        fetched(bucket, tmp_path / "fetched") / "smoke",
    )
    for run in RUNS:
        assert {path.name for path in (remote / "runs" / run).iterdir()} == set(RUN_FILES)
        same(outcome(local / "runs" / run), outcome(remote / "runs" / run))
        arm = run.rpartition("/")[0]
        assert {path.name for path in (remote / "evidence" / "arms" / arm).iterdir()} == set(
            ARM_FILES["images"]
        )
    for table in TABLES:
        assert (remote / table).read_text() == (local / table).read_text()

    assert "Nothing to be done" in through(there)
    # Another machine takes over: it has nothing itself, and makes what is missing from what is there.
    bucket.Object("study/results/smoke/summary.csv").delete()
    said = through(elsewhere)
    assert set(JOB.findall(said)) == {"Collect the evidence of smoke", "All of metrics is there"}
    again = fetched(bucket, tmp_path / "again") / "smoke"
    for table in TABLES:
        assert (again / table).read_text() == (local / table).read_text()
    assert "Nothing to be done" in through(elsewhere)
