"""Published data sets from the places and with the checksums that torchvision knows.

Only verified bytes are ever parsed: torchvision itself checks an archive once, when it downloads
it, and trusts the unpacked files afterwards.
"""

from __future__ import annotations

import gzip
import hashlib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlparse

import numpy as np

from replication.data._checks import Array, DataError, Part
from replication.jobs.files import replacing

#: Seconds until a silent server counts as no network.
PATIENCE = 10.0


def mnist_like(
    name: str, root: Path, unpacked: Mapping[str, str], instead: str = ""
) -> tuple[Part, Part]:
    """Official train and test parts of torchvision's ``MNIST`` or a class derived from it.

    Args:
        name: the class in ``torchvision.datasets``.
        root: the folder that torchvision calls ``root``; archives lie in ``<root>/<name>/raw``, or the
            unpacked files, which torchvision keeps beside them.
        unpacked: SHA-256 of each unpacked file, by its name.
        instead: another way to the data, for the message where the download fails.

    Raises:
        DataError: a file is missing and cannot be downloaded, or is not the published one.
    """
    import torchvision.datasets

    source = getattr(torchvision.datasets, name)
    checksums = dict(source.resources)

    def archive(file: str) -> bytes:
        urls = [f"{mirror}{file}" for mirror in source.mirrors]
        path = root / name / "raw" / file
        plain = path.with_suffix("")
        if plain.exists() and not path.exists():
            return published(plain, plain.read_bytes(), unpacked[plain.name])
        return gzip.decompress(verified(path, checksums[file], urls, instead))

    return idx_parts(archive)


def idx_parts(content: Callable[[str], bytes]) -> tuple[Part, Part]:
    """Train and test parts from the bytes of the four unpacked files, asked for by archive name."""
    train, test = (
        Part(
            idx(content(f"{stem}-images-idx3-ubyte.gz")),
            idx(content(f"{stem}-labels-idx1-ubyte.gz")),
        )
        for stem in ("train", "t10k")
    )
    return train, test


def idx(content: bytes) -> Array:
    """An array in LeCun's IDX format: two zeros, a type, the number of axes, lengths, bytes."""
    axes = content[3]
    shape = np.frombuffer(content, ">i4", count=axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def verified(path: Path, md5: str, urls: Sequence[str] = (), instead: str = "") -> bytes:
    """The bytes of a published file, downloaded first where it is missing.

    Raises:
        DataError: no such file and no way to download it, or its MD5 is another.
    """
    if not path.exists():
        _download(path, md5, urls, instead)
    content = path.read_bytes()
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise DataError(
            f"{path}: wrong checksum: damaged, or not the published file; delete it and run again"
        )
    return content


def published(path: Path, content: bytes, sha256: str) -> bytes:
    """The content of a published file; raises `DataError` where it is another."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(
            f"{path}: wrong checksum: damaged, or not the published file; delete it and run again"
        )
    return content


def _download(path: Path, md5: str, urls: Sequence[str], instead: str) -> None:
    """Try each address once; a file that arrives damaged is not kept."""
    from torchvision.datasets.utils import download_url

    failures = []
    for url in urls:
        try:
            with replacing(path) as aside, _patience(PATIENCE):
                download_url(url, str(aside.parent), aside.name, md5)
            return
        # URLError (an OSError) for no route or no file, RuntimeError for a wrong checksum.
        except (OSError, RuntimeError, HTTPException, ValueError) as error:
            reason = (
                "it arrived damaged" if "corrupted" in str(error) else " ".join(str(error).split())
            )
            failures.append(f"{urlparse(url).hostname}: {reason}")
    raise DataError(
        f"{path}: no such file, and downloading it failed ({'; '.join(failures)}); "
        f"connect to the network, or fetch {urls[0]} elsewhere and put it there{instead}"
    )


@contextmanager
def _patience(seconds: float) -> Iterator[None]:
    """A time limit for every wait on the network; torchvision sets none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
