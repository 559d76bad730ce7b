"""Peers of cleaning and modelling on one volume, stage by stage in the order of the work: JSON lines {stage, peer, seconds, median, cpu_s, result}.
A peer that is absent is said to be absent. Every stage gets the same input, made by the first peer that could make it.

  python3 bench/mesh-peers.py RAW JSON OUTDIR THREADS RUNS

RAW is int16 little-endian, i fastest; JSON holds shape_xyz and spacing_mm. threshold >= 200 HU, largest part (26), holes filled (6-connected
background), surface at 0.5, smoothing of 20 iterations, decimation to 25 %, binary STL.
"""
import json
import os
import resource
import sys
import time

import numpy as np

raw, meta, out, threads, runs = sys.argv[1], json.load(open(sys.argv[2])), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
nx, ny, nz = meta['shape_xyz']
spacing = meta['spacing_mm']
ct = np.fromfile(raw, '<i2').reshape(nz, ny, nx)
os.makedirs(out, exist_ok=True)


def processor():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def stage(name, peer, work, told=lambda result: {}, times=runs):
    try:
        seconds, cpu, result = [], [], None
        for _ in range(times):
            result = None
            busy, started = processor(), time.perf_counter()
            result = work()
            seconds.append(time.perf_counter() - started)
            cpu.append(processor() - busy)
            if seconds[-1] > 20:
                break
        seconds.sort()
        print(json.dumps(dict(stage=name, peer=peer, seconds=round(seconds[0], 4), median=round(seconds[len(seconds) // 2], 4),
                              cpu_s=round(min(cpu), 4), result=told(result))), flush=True)
        return result
    except ImportError as error:
        print(json.dumps(dict(stage=name, peer=peer, absent=str(error))), flush=True)
        return None


def largest(labels):
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return (labels == sizes.argmax()).view(np.uint8)


def by_cc3d(mask):
    import cc3d
    return largest(cc3d.connected_components(mask, connectivity=26))


def by_scipy(mask):
    from scipy import ndimage
    return largest(ndimage.label(mask, np.ones((3, 3, 3)))[0])


def filled(mask):
    from scipy import ndimage
    labels, count = ndimage.label(mask == 0)
    border = np.zeros(count + 1, bool)
    for axis in range(3):
        for end in (0, -1):
            border[np.unique(np.take(labels, end, axis))] = True
    border[0] = False
    return (~border[labels]).view(np.uint8)


def image(array):
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData
    made = vtkImageData()
    made.SetDimensions(array.shape[2], array.shape[1], array.shape[0])
    made.SetSpacing(*spacing)
    made.SetOrigin(*[-s for s in spacing])
    values = numpy_to_vtk(array.ravel(), deep=0)
    made.GetPointData().SetScalars(values)
    made.kept = (array, values)
    return made


def surface(mask):
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D
    work = vtkFlyingEdges3D()
    work.SetInputData(image(np.pad(mask, 1)))
    work.SetValue(0, 0.5)
    for name in ('ComputeNormals', 'ComputeGradients', 'ComputeScalars'):
        getattr(work, 'Set' + name)(0)
    work.Update()
    return work.GetOutput()


def smoothed(mesh):
    from vtkmodules.vtkFiltersCore import vtkWindowedSincPolyDataFilter
    work = vtkWindowedSincPolyDataFilter()
    work.SetInputData(mesh)
    work.SetNumberOfIterations(20)
    work.SetPassBand(0.1)
    work.BoundarySmoothingOff()
    work.FeatureEdgeSmoothingOff()
    work.NonManifoldSmoothingOn()
    work.NormalizeCoordinatesOn()
    work.Update()
    return work.GetOutput()


def decimated(mesh):
    from vtkmodules.vtkFiltersCore import vtkQuadricDecimation
    work = vtkQuadricDecimation()
    work.SetInputData(mesh)
    work.SetTargetReduction(0.75)
    work.Update()
    return work.GetOutput()


def arrays(mesh):
    from vtkmodules.util.numpy_support import vtk_to_numpy
    points = vtk_to_numpy(mesh.GetPoints().GetData()).astype(np.float32, copy=False)
    return points, vtk_to_numpy(mesh.GetPolys().GetConnectivityArray()).astype(np.uint32).reshape(-1, 3)


def by_meshoptimizer(mesh):
    import meshoptimizer
    points, faces = arrays(mesh)
    faces = np.ascontiguousarray(faces.ravel())
    into = np.zeros_like(faces)
    count = meshoptimizer.simplify(into, faces, points, target_index_count=faces.size // 12 * 3, target_error=1.0)
    return into[:count].reshape(-1, 3)


def stl_by_vtk(mesh):
    from vtkmodules.vtkIOGeometry import vtkSTLWriter
    work = vtkSTLWriter()
    work.SetFileName(os.path.join(out, 'vtk.stl'))
    work.SetFileTypeToBinary()
    work.SetInputData(mesh)
    work.Write()


def stl_by_numpy(mesh):
    points, faces = arrays(mesh)
    corners = points[faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-20)
    rows = np.zeros(len(faces), np.dtype([('n', '<f4', 3), ('v', '<f4', (3, 3)), ('a', '<u2')]))
    rows['n'], rows['v'] = normal, corners
    with open(os.path.join(out, 'numpy.stl'), 'wb') as file:
        file.write(b' ' * 80 + np.uint32(len(faces)).tobytes() + rows.tobytes())


def distance(mask):
    from scipy import ndimage
    return ndimage.distance_transform_edt(mask[nz // 3:nz // 3 + 110, ny // 8:ny // 8 + 180, nx // 4:nx // 4 + 260] == 0, sampling=spacing[::-1])


try:
    from vtkmodules.vtkCommonCore import vtkMultiThreader, vtkSMPTools
    vtkSMPTools.Initialize(threads)
    vtkMultiThreader.SetGlobalMaximumNumberOfThreads(threads)
except ImportError:
    pass

count = lambda mask: dict(voxels=int(mask.sum()))
triangles = lambda mesh: dict(triangles=int(mesh.GetNumberOfPolys()))
mask = stage('threshold', 'numpy', lambda: (ct >= 200).view(np.uint8), count)
kept = stage('ccl26_keep', 'connected-components-3d', lambda: by_cc3d(mask), count)
other = stage('ccl26_keep', 'scipy', lambda: by_scipy(mask), count, 1)
kept = kept if kept is not None else other
full = stage('fill', 'scipy, label of the background', lambda: filled(kept), count, 1)
stage('edt_roi', 'scipy, region of 260 x 180 x 110', lambda: distance(full), times=1)
made = stage('contour_mask', 'VTK flying edges', lambda: surface(full), triangles)
if made is not None:
    smooth = stage('smooth', 'VTK windowed sinc, 20 iterations', lambda: smoothed(made), triangles)
    stage('decimate', 'meshoptimizer to 25 %', lambda: by_meshoptimizer(smooth), lambda faces: dict(triangles=int(len(faces))), 1)
    stage('decimate', 'VTK quadric to 25 %', lambda: decimated(smooth), triangles, 1)
    stage('stl_write', 'numpy', lambda: stl_by_numpy(smooth))
    stage('stl_write', 'VTK', lambda: stl_by_vtk(smooth))
