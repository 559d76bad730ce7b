"""The product's own phantom and this generator follow the same rules of truth."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from lamina_training.phantom import sheet

KERNELS = Path(__file__).parents[3] / "kernels" / "phantoms" / "sheet.ts"
LOCAL = Path(__file__).parents[3] / "node_modules" / "node" / "bin" / "node"
NODE = str(LOCAL) if LOCAL.exists() else shutil.which("node")


@pytest.mark.skipif(not (NODE and KERNELS.exists()), reason="needs Node and the product's sources")
def test_sheets_are_covered_and_labelled_alike():
    rng = np.random.default_rng(1)
    normals = rng.normal(size=(300, 3))
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    spacing = (0.45, 0.5, 0.8)
    thickness, distance = rng.uniform(0.05, 2.5, 300), rng.uniform(-2, 2, 300)
    cases = [[*map(float, n), float(t), float(d)] for n, t, d in zip(normals, thickness, distance, strict=True)]
    program = f"""
      import {{ extentAlong, sheetCoverage, sheetLabelled, thinnestMm, thinUpToMm }} from {json.dumps(KERNELS.as_uri())};
      const rows = {json.dumps(cases)}.map(([x, y, z, t, d]) => {{
        const extent = extentAlong(x, y, z, {json.dumps(spacing)});
        return [extent, sheetCoverage(d, t, extent), sheetLabelled(d, t, extent)];
      }});
      console.log(JSON.stringify({{ rows, thinnestMm, thinUpToMm }}));
    """
    done = subprocess.run([NODE, "--input-type=module-typescript", "-e", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout)
    assert (theirs["thinnestMm"], theirs["thinUpToMm"]) == (sheet.THINNEST_MM, sheet.THIN_UP_TO_MM)
    extent = sheet.extent_along(normals.T, spacing)
    mine = [extent, sheet.coverage(distance, thickness, extent), sheet.labelled(distance, thickness, extent)]
    for n in range(3):
        np.testing.assert_allclose([row[n] for row in theirs["rows"]], mine[n], atol=1e-12)
    assert 20 < sum(row[2] for row in theirs["rows"]) < 280
