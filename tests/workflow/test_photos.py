"""300 photos of mixed sizes and modes go from a folder to a report, scored as torch-fidelity scores them."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image
from test_combinations import faults, silent_figures
from workspace import Workspace

METHODS = ("gan_ns", "wgan_gp")
CLASSES = ("hill", "lake", "sky")

#: Features by our extractor, scores by torch-fidelity: both from the files of a study that has ended.
ORACLE = """
import json
import torch
from torch_fidelity import metric_fid, metric_isc
from replication.data import _base as data
from replication.features import lenet
from replication.plan.study import Study
from replication.tensors.levels import to_float, to_uint8
from replication.training.sampler import Sampler

study, scores = Study(), {}
paths = study.paths
evaluation = study.config.budget.evaluation
extractor = lenet.load(paths, "photos", evaluation, torch.device("cpu"))
real = extractor.extract(data.load(paths.dataset("photos")).heldout)[0]
for arm, (run, *_) in study.arms.items():
    sampler = Sampler(run, paths.run(run.id) / "checkpoints.safetensors")
    images = sampler.images(sampler.steps[-1], evaluation.samples)[0]
    features, logits = extractor.extract(to_float(to_uint8(images)))
    statistics = [metric_fid.fid_features_to_statistics(f) for f in (features, real)]
    fid = metric_fid.fid_statistics_to_metric(*statistics, verbose=False)
    score = metric_isc.isc_features_to_metric(logits, splits=1)
    scores[arm] = [float(v) for v in (*fid.values(), score["inception_score_mean"])]
print(json.dumps(scores))
"""


def photos(folder: Path) -> None:
    """Smooth fields of colour, a class by its hue; two sizes, and PNG, RGBA, palette, grey and JPEG in turn."""
    rng = np.random.default_rng(0)
    for i in range(300):
        width, height = ((52, 40), (48, 64))[i % 2]
        coarse = rng.integers(0, 256, (4, 4, 3))
        coarse[..., i % 3] = 255
        small = Image.fromarray(coarse.astype(np.uint8))
        picture = small.resize((width, height), Image.Resampling.BICUBIC)
        mode = ("RGB", "RGBA", "P", "L", "RGB")[i % 5]
        path = folder / CLASSES[i % 3] / f"{i:03}.{'jpg' if i % 5 == 4 else 'png'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.convert(mode).save(path)


def configure(root: Path) -> None:
    path = root / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    params["own_data"] = {"photos": {"path": "photos", "resize": 32}}
    arm = {"dataset": "photos", "net": "dcgan_8", "methods": list(METHODS), "seeds": 1}
    params["profiles"]["smoke"] |= {"arms": [arm], "critic_steps": 10, "checkpoints": 2, "logs": 2}
    params["profiles"]["smoke"]["evaluation"] |= {"inception_splits": 1}
    path.write_text(yaml.safe_dump(params), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.pipeline
@pytest.mark.xdist_group("pipeline")
@pytest.mark.timeout(3600)
def test_photos_of_mixed_sizes_and_modes_end_in_a_report(
    finished: Workspace, tmp_path: Path
) -> None:
    study = finished.copied(tmp_path / "study")
    shutil.rmtree(study.folder / "results" / "smoke" / "logs")
    photos(study.folder / "photos")
    configure(study.folder)
    study.succeed("snakemake", "--cores", "all", "all")
    assert faults(study.folder) == []
    assert silent_figures(study.folder) == []
    log = (study.folder / "results" / "smoke" / "logs" / "data" / "photos.log").read_text()
    assert "300 cut to a centred square and reduced to 32x32" in log
    front = (study.folder / "reports" / "index.html").read_text(encoding="utf-8")
    assert "photos" in front
    sheet = study.folder / "reports" / "figures" / "smoke" / "benchmark" / "samples.csv"
    assert set(pd.read_csv(sheet)["method"]) == set(METHODS)

    expected = json.loads(study.succeed(sys.executable, "-c", ORACLE).splitlines()[-1])
    for arm, (fid, score) in expected.items():
        table = pd.read_parquet(
            study.folder / "results" / "smoke" / "evidence" / "arms" / arm / "quality.parquet"
        )
        last = table[table["step"] == table["step"].max()].set_index("metric")["value"]
        assert last["fid_lenet_photos"] == pytest.approx(fid, rel=1e-6)
        assert last["inception_score_lenet_photos"] == pytest.approx(score, rel=1e-6)
