"""Peers of the import on one folder: seconds of each, best and median of the runs, as JSON lines. A peer that is absent is said to be absent.

  python3 bench/import-peers.py FOLDER RUNS
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import time

folder, runs = sys.argv[1], int(sys.argv[2])
names = sorted(glob.glob(os.path.join(folder, '*.dcm')))
for name in names:
    with open(name, 'rb') as file:
        file.read()


def say(peer, **figures):
    print(json.dumps(dict(peer=peer, **figures)), flush=True)


def timed(peer, work, **figures):
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    times.sort()
    say(peer, best=times[0], median=times[len(times) // 2], **figures)


def vtk():
    from vtkmodules.vtkIOImage import vtkDICOMImageReader

    def work():
        reader = vtkDICOMImageReader()
        reader.SetDirectoryName(folder)
        reader.Update()
        if reader.GetOutput().GetDimensions()[2] != len(names):
            raise RuntimeError('not all slices were read')

    timed('vtkDICOMImageReader', work)


def pydicom():
    import numpy
    import pydicom

    def work():
        files = [pydicom.dcmread(name) for name in names]
        files.sort(key=lambda one: float(one.ImagePositionPatient[2]))
        numpy.stack([one.pixel_array.astype(numpy.int16) + numpy.int16(one.RescaleIntercept) for one in files])

    timed('pydicom and numpy', work)


def dcmtk():
    if not shutil.which('dcmdjpls'):
        raise ImportError('dcmdjpls is not installed')
    out = os.path.join(os.environ.get('TMPDIR', '/tmp'), f'lamina-bench-{os.getpid()}.dcm')
    part = names[:32]

    def work():
        for name in part:
            subprocess.run(['dcmdjpls', name, out], check=True)

    try:
        started = time.perf_counter()
        work()
        seconds = (time.perf_counter() - started) * len(names) / len(part)
        say('dcmtk dcmdjpls, a process a slice', best=seconds, median=seconds)
    finally:
        if os.path.exists(out):
            os.remove(out)


kind = os.path.basename(folder).rsplit('-', 2)[0]
for peer, work, kinds in (
    ('vtkDICOMImageReader', vtk, ['native']),
    ('pydicom and numpy', pydicom, ['native', 'htj2k', 'jpeg-ls', 'jpeg-lossless', 'jpeg-2000']),
    ('dcmtk dcmdjpls', dcmtk, ['jpeg-ls']),
):
    if kind not in kinds:
        continue
    try:
        work()
    except Exception as error:  # a peer without its package or its decoder is absent, not slow
        say(peer, absent=f'{type(error).__name__}: {str(error).splitlines()[0][:120] if str(error) else ""}')
