"""Augmentation keeps labels true; networks take any size; a resumed run is the run that was never stopped."""

import csv
import signal

import numpy as np
import pytest
import torch

from lamina_training import augment, crops
from lamina_training.cohort import HARD, HARD_HEADS, SIZES, SPLITS, Cohort
from lamina_training.loss import loss_of
from lamina_training.phantom.head import make_head
from lamina_training.slim import slim
from lamina_training.train import Run, Settings, main, train
from lamina_training.unet import RECIPES, Deployed, make_network, windowed

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def heads():
    return [make_head(seed, (8, 80, 200), centre=(0, 18, 0)) for seed in (1, 2)]


def settings(recipe="orbit", steps=6):
    return Settings(recipe, steps, seed=3, batch=2, crop=32, base=8, depth=3, validate_every=2, warm_up=2)


def test_no_head_is_in_two_splits():
    for size, counts in SIZES.items():
        seeds = [Cohort(size).seeds(split) for split in SPLITS]
        assert tuple(map(len, seeds)) == counts
        seeds.append(Cohort(size).seeds(HARD))
        assert len(set().union(*map(set, seeds))) == sum(counts) + HARD_HEADS


@pytest.mark.parametrize("recipe", RECIPES)
def test_resumed_is_the_same_as_uninterrupted(heads, tmp_path, recipe):
    whole = Run(settings(recipe))
    train(whole, heads, heads[:1], tmp_path / "whole")
    part = Run(settings(recipe))
    while part.step < 3:
        part.advance(heads)
    part.save(tmp_path / "part.pt")
    resumed = Run.resume(tmp_path / "part.pt")
    train(resumed, heads, heads[:1], tmp_path / "rest")
    assert resumed.step == whole.step == 6
    for (name, a), (_, b) in zip(whole.network.state_dict().items(), resumed.network.state_dict().items(), strict=True):
        assert torch.equal(a, b), name
    again = Run.resume(tmp_path / "whole" / f"{recipe}.pt")
    assert all(torch.equal(a, b) for a, b in zip(again.network.parameters(), whole.network.parameters(), strict=True))
    rows = list(csv.DictReader((tmp_path / "whole" / f"{recipe}.csv").open()))
    assert [int(r["step"]) for r in rows] == [2, 4, 6]


def test_a_run_at_a_constant_rate_may_be_given_more_steps(heads, tmp_path, monkeypatch):
    arguments = ["--cohort", str(tmp_path), "--out", str(tmp_path), "--size", "tiny", "--batch", "2", "--crop", "32", "--base", "8"]

    def trained(*more):
        monkeypatch.setattr("sys.argv", ["train", "unet-b", *arguments, *more])
        main()
        return Run.resume(tmp_path / "unet-b.pt")

    monkeypatch.setattr("lamina_training.train.load", lambda seed, folder: heads[seed % 2])
    assert trained("--steps", "2").step == 2
    longer = trained("--steps", "4")
    assert longer.step == longer.settings.steps == 4
    (tmp_path / "unet-b.pt").unlink()
    whole = trained("--steps", "4")
    assert all(torch.equal(a, b) for a, b in zip(longer.network.parameters(), whole.network.parameters(), strict=True))
    with pytest.raises(SystemExit, match="name the same settings"):
        trained("--steps", "6", "--seed", "2")


def test_a_second_descent_begins_at_half_the_rate_and_ends_at_nothing():
    run = Run(Settings("orbit", 40, base=8, depth=3, warm_up=4, descent_from=20))
    rates = []
    for run.step in range(20, 41):
        rates.append(run.rate())
    assert rates[0] < rates[1] < rates[2] and max(rates) == pytest.approx(0.5e-3, rel=0.1)
    assert all(a > b for a, b in zip(rates[4:], rates[5:], strict=False)) and rates[-1] == pytest.approx(0, abs=1e-9)


def test_told_to_stop_it_saves_after_the_step_it_is_in(heads, tmp_path, monkeypatch):
    run = Run(settings("unet-b", steps=50))
    advance = run.advance

    def told(heads):
        if run.step == 2:
            signal.raise_signal(signal.SIGTERM)
        return advance(heads)

    monkeypatch.setattr(run, "advance", told)
    before = signal.getsignal(signal.SIGTERM)
    train(run, heads, heads[:1], tmp_path)
    assert Run.resume(tmp_path / "unet-b.pt").step == run.step == 3
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_slim_checkpoint_keeps_weights_and_step(heads, tmp_path):
    run = Run(settings())
    train(run, heads, heads[:1], tmp_path)
    path = slim(tmp_path / "orbit.pt", tmp_path / "small")
    assert path.stat().st_size < 0.5 * (tmp_path / "orbit.pt").stat().st_size
    assert (tmp_path / "small" / "orbit.csv").read_text() == (tmp_path / "orbit.csv").read_text()
    again = Run.resume(path)
    assert again.step == run.step and not again.optimiser.state
    assert all(torch.equal(a, b) for a, b in zip(again.network.parameters(), run.network.parameters(), strict=True))


def test_a_stop_while_saving_leaves_the_old_checkpoint(heads, tmp_path, monkeypatch):
    run = Run(settings())
    path = tmp_path / "x.pt"
    run.save(path)
    run.advance(heads)

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", stopped)
    with pytest.raises(KeyboardInterrupt):
        run.save(path)
    monkeypatch.undo()
    assert Run.resume(path).step == 0


def test_training_lowers_the_loss(heads):
    run = Run(Settings("orbit", 60, seed=1, batch=4, crop=48, base=8, depth=3, warm_up=2))
    losses = [run.advance(heads) for _ in range(60)]
    assert np.mean(losses[-10:]) < 0.92 * np.mean(losses[:5])


def test_cortical_and_thin_masks_overlap_between_200_and_300_hu():
    hu = np.array([[100, 199, 200, 201, 250, 299, 300, 301, 900]], np.float32)
    labels = np.full(hu.shape, 1, np.uint8)
    cortical = crops.target_of(RECIPES["unet-c-cortical"], labels, hu)
    thin = crops.target_of(RECIPES["unet-c-thin"], labels, hu)
    assert cortical.tolist() == [[0, 0, 0, 1, 1, 1, 1, 1, 1]]
    assert thin.tolist() == [[1, 1, 1, 1, 1, 1, 0, 0, 0]]
    assert (cortical | thin).all()
    assert not crops.target_of(RECIPES["unet-c-thin"], 0 * labels, hu).any()


def sample(size=64):
    labels = np.zeros((size, size), np.uint8)
    labels[:, 20] = 3
    labels[40:44] = 1
    # HU that tell the label: what happens to one must happen to the other.
    hu = np.where(labels == 3, 400, np.where(labels == 1, 1400, -100)).astype(np.float32)
    return augment.Sample(np.stack([hu] * 3), labels, (labels > 0).astype(np.float32), np.ones_like(labels))


@pytest.mark.parametrize("seed", range(8))
def test_geometric_augmentation_moves_image_and_label_alike(seed):
    moved = augment.geometric(sample(), np.random.default_rng(seed))
    thick = moved.labels == 1
    assert thick.any() and moved.hu[1][thick].mean() > 1100
    assert moved.hu[1][moved.labels == 0].mean() < 0


def test_what_is_erased_does_not_count():
    network_out = torch.zeros(1, 5, 64, 64)
    for seed in range(40):
        erased = augment.erasing(sample(), np.random.default_rng(seed))
        if erased.counts.all():
            continue
        gone = erased.counts == 0
        assert len(np.unique(erased.hu[:, gone])) == 1
        batch = crops.Batch(*(torch.from_numpy(np.ascontiguousarray(a)[None]) for a in (erased.hu, erased.labels.astype(np.int64), erased.fraction, erased.counts.astype(np.float32))))
        before = loss_of(RECIPES["orbit"], network_out, batch)
        batch.target[0][torch.from_numpy(gone)] = 2
        batch.fraction[0][torch.from_numpy(gone)] = 1
        assert torch.equal(before, loss_of(RECIPES["orbit"], network_out, batch))
        return
    pytest.fail("nothing was ever erased")


def test_mixing_takes_the_truth_along():
    other = augment.Sample(np.full((3, 64, 64), 77, np.float32), np.full((64, 64), 2, np.uint8), np.ones((64, 64), np.float32), np.ones((64, 64), np.uint8))
    for seed in range(60):
        mixed = augment.mixing(sample(), other, np.random.default_rng(seed))
        if (mixed.labels == 2).any():
            np.testing.assert_array_equal(mixed.labels == 2, mixed.hu[1] == 77)
            return
    pytest.fail("nothing was ever mixed")


def test_adversarial_step_raises_the_loss(heads):
    run = Run(settings())
    batch = crops.batch(heads, run.recipe, 2, 32, np.random.default_rng(0), False)
    x = windowed(batch.hu, run.recipe)
    worse = augment.adversarial(run.network, x, lambda out: loss_of(run.recipe, out, batch), 0.01)
    with torch.no_grad():
        assert loss_of(run.recipe, run.network(worse), batch) > loss_of(run.recipe, run.network(x), batch)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda r: r.id)
def test_any_size_goes_in_and_probabilities_come_out(recipe):
    shell = Deployed(make_network(recipe, 8), recipe).eval()
    for size in ((3, 37, 50), (1, 64, 64)):
        with torch.no_grad():
            out = shell(torch.randn(1, 1, *size) * 500)
        probability = out[0] if recipe.fraction else out
        assert probability.shape == (1, len(recipe.classes), *size)
        torch.testing.assert_close(probability.sum(1), torch.ones(1, *size))
        if recipe.fraction:
            assert out[1].shape == (1, 1, *size)


def test_the_shell_sees_the_neighbouring_slices(heads):
    recipe = RECIPES["orbit"]
    network = make_network(recipe, 8).eval()
    hu = torch.from_numpy(heads[0].hu[:, :64, :64].astype(np.float32))
    k = 4
    slab = torch.from_numpy(crops.slab(heads[0], k, recipe.slices)[:, :64, :64].astype(np.float32))[None]
    with torch.no_grad():
        # In the shell the bone classes gain the recipe's logit, so that 0.5 is what 0.35 was.
        wanted = torch.softmax(network(windowed(slab, recipe))[:, :4], 1)[0]
        wanted[1:] *= 0.65 / 0.35
        wanted /= wanted.sum(0)
        found = Deployed(network, recipe)(hu[None, None])[0][0, :, k]
    torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-3)
