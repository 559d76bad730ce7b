"""A package answers as the network does, carries its weights, and its card tells the truth about the file."""

import hashlib
import json

import numpy as np
import pytest
import torch

from lamina_training.train import Run, Settings
from lamina_training.unet import RECIPES, Deployed

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
from lamina_training import export  # noqa: E402

torch.set_num_threads(1)


@pytest.mark.parametrize("recipe", RECIPES)
def test_package(tmp_path, recipe):
    run = Run(Settings(recipe, 3, base=8, depth=4))
    run.save(tmp_path / "x.pt")
    folder = export.package(tmp_path / "x.pt", tmp_path / "models", None)
    raw = (folder / "model.onnx").read_bytes()
    card = json.loads((folder / "card.json").read_text())
    assert card["file"]["sha256"] == hashlib.sha256(raw).hexdigest() and card["file"]["bytes"] == len(raw)
    assert card["metrics"] is None and "Not evaluated." in (folder / "card.md").read_text()
    assert "trained on procedural phantoms only; not validated on patients; validate locally" in card["wording"]
    model = onnx.load_from_string(raw)
    onnx.checker.check_model(model)
    assert [o.version for o in model.opset_import if o.domain == ""] == [card["file"]["opset"]]
    (entry,) = model.graph.input
    assert entry.name == "hu" and entry.type.tensor_type.elem_type == onnx.TensorProto.FLOAT
    assert [d.dim_param or d.dim_value for d in entry.type.tensor_type.shape.dim] == [1, 1, "D", "H", "W"]
    assert not any(t.data_location == onnx.TensorProto.EXTERNAL for t in model.graph.initializer)
    assert [o.name for o in model.graph.output] == [o["name"] for o in card["outputs"]]
    parity = json.loads((tmp_path / "models" / "parity" / recipe / "parity.json").read_text())
    for entry in (parity["input"], *parity["outputs"].values()):
        held = (tmp_path / "models" / "parity" / recipe / entry["file"]).read_bytes()
        assert hashlib.sha256(held).hexdigest() == entry["sha256"] and len(held) == 4 * int(np.prod(entry["shape"]))


def test_sizes_other_than_the_traced_one_agree(tmp_path):
    recipe = RECIPES["orbit"]
    shell = Deployed(Run(Settings("orbit", 3, base=8, depth=4)).network, recipe)
    export.to_onnx(shell, tmp_path / "m.onnx")
    rng = np.random.default_rng(0)
    for size in ((1, 16, 16), (9, 33, 50), (2, 128, 70)):
        hu = rng.uniform(-1000, 1500, size=(1, 1, *size)).astype(np.float32)
        assert export.check(tmp_path / "m.onnx", shell, hu) < export.TOLERANCE


def test_another_network_is_told_apart(tmp_path):
    recipe = RECIPES["unet-b"]
    first, second = (Deployed(Run(Settings("unet-b", 3, seed=s, base=8, depth=4)).network, recipe) for s in (1, 2))
    export.to_onnx(first, tmp_path / "m.onnx")
    with pytest.raises(ValueError, match="differs from PyTorch"):
        export.check(tmp_path / "m.onnx", second, export.parity_input())


def test_figures_of_other_weights_are_refused(tmp_path):
    run = Run(Settings("unet-b", 3, base=8, depth=4))
    run.save(tmp_path / "x.pt")
    evaluation = {"summary": {"all": {"B unet-b": {}}}, "networks": {"unet-b": {"sha256": "0" * 64}}}
    with pytest.raises(ValueError, match="another unet-b"):
        export.package(tmp_path / "x.pt", tmp_path / "models", evaluation)
