"""Rows for arrays and their files, images, sound and scientific formats.

Sources: numpy 1.26, scipy 1.13, h5py 3.16, zarr 2.18, opencv-python 4.10, Pillow 10.4, imageio 2.34,
scikit-image 0.24, matplotlib 3.9, librosa 0.10, soundfile 0.12, nibabel 5.2, pydicom 2.4, rasterio 1.3.
A file of numpy may hold the weights of a model, so it counts as a model; an image or a plot never does.
"""

from __future__ import annotations

from flake8_training.libraries.rows import RECEIVER, Library, Reads, Row, Saves

_NUMPY: tuple[Row, ...] = (
    Reads("numpy.load", (0, "file")),
    Reads("numpy.loadtxt", (0, "fname")),
    Reads("numpy.genfromtxt", (0, "fname")),
    Reads("numpy.recfromcsv", (0, "fname")),
    Reads("numpy.fromfile", (0, "file")),
    Reads("numpy.fromregex", (0, "file")),
    Reads("numpy.memmap", (0, "filename"), mode=(2, "mode")),
    Reads("numpy.lib.format.open_memmap", (0, "filename"), mode=(1, "mode")),
    Saves("numpy.save", (0, "file"), form="npy"),
    Saves("numpy.savez", (0, "file"), form="npy"),
    Saves("numpy.savez_compressed", (0, "file"), form="npy"),
    Saves("numpy.savetxt", (0, "fname"), "data", form="text"),
    Saves("numpy.**.tofile", (0, "fid"), "data"),
    Saves("numpy.**.dump", (0, "file"), form="pickle"),
    Reads("cupy.load", (0, "file")),
    Saves("cupy.save", (0, "file"), form="npy"),
    Saves("cupy.savez", (0, "file"), form="npy"),
    Reads("scipy.io.loadmat", (0, "file_name")),
    Saves("scipy.io.savemat", (0, "file_name"), "data"),
    Reads("scipy.io.mmread", (0, "source")),
    Saves("scipy.io.mmwrite", (0, "target"), "data"),
    Reads("scipy.io.arff.loadarff", (0, "f")),
    Reads("scipy.io.wavfile.read", (0, "filename")),
    Saves("scipy.io.wavfile.write", (0, "filename"), "data"),
    Reads("scipy.io.netcdf_file", (0, "filename"), mode=(1, "mode")),
    Reads("scipy.sparse.load_npz", (0, "file")),
    Saves("scipy.sparse.save_npz", (0, "file"), "data", form="npy"),
    Reads("h5py.File", (0, "name"), mode=(1, "mode")),
    Saves("h5py.**.create_dataset", (RECEIVER,), form="h5"),
    Reads("tables.open_file", (0, "filename"), mode=(1, "mode")),
    Reads("netCDF4.Dataset", (0, "filename"), mode=(1, "mode")),
    Reads("zarr.open", (0, "store"), mode=(1, "mode")),
    Reads("zarr.open_group", (0, "store"), mode=(1, "mode")),
    Reads("zarr.load", (0, "store")),
    Saves("zarr.save", (0, "store"), "data"),
    Reads("xarray.open_dataset", (0, "filename_or_obj")),
    Reads("xarray.open_mfdataset", (0, "paths")),
    Reads("xarray.open_zarr", (0, "store")),
    Reads("xarray.load_dataset", (0, "filename_or_obj")),
    Saves("xarray.**.to_netcdf", (0, "path"), "data"),
    Reads("lmdb.open", (0, "path")),
    Reads("lmdb.Environment", (0, "path")),
    Saves("hnswlib.Index().save_index", (0, "path_to_index"), framework="other"),
    Saves("faiss.write_index", (1, "fname"), framework="other"),
    Reads("faiss.read_index", (0, "fname"), "model"),
    Saves("annoy.AnnoyIndex().save", (0, "fn"), framework="other"),
)

_IMAGES: tuple[Row, ...] = (
    Reads("cv2.imread", (0, "filename")),
    Reads("cv2.VideoCapture", (0, "filename")),
    Saves("cv2.imwrite", (0, "filename"), "data"),
    Reads("PIL.Image.open", (0, "fp")),
    Saves("PIL.**.save", (0, "fp"), "data"),
    *(
        Reads(f"imageio.{name}", (0, "uri"))
        for name in ("imread", "mimread", "volread", "imopen", "get_reader")
    ),
    *(Saves(f"imageio.{name}", (0, "uri"), "data") for name in ("imwrite", "mimwrite", "mimsave", "imsave")),
    Reads("skimage.io.imread", (0, "fname")),
    Reads("skimage.io.imread_collection", (0, "load_pattern")),
    Saves("skimage.io.imsave", (0, "fname"), "data"),
    Reads("matplotlib.image.imread", (0, "fname")),
    Reads("matplotlib.pyplot.imread", (0, "fname")),
    Saves("matplotlib.**.savefig", (0, "fname"), "data"),
    Saves("matplotlib.**.imsave", (0, "fname"), "data"),
    Saves("seaborn.**.savefig", (0, "fname"), "data"),
    Saves("plotly.**.write_image", (0, "file"), "data"),
    Saves("plotly.**.write_html", (0, "file"), "data"),
    Reads("tifffile.imread", (0, "files")),
    Saves("tifffile.imwrite", (0, "file"), "data"),
    Reads("nibabel.load", (0, "filename")),
    Saves("nibabel.save", (1, "filename"), "data"),
    Reads("pydicom.dcmread", (0, "fp")),
    Reads("pydicom.read_file", (0, "fp")),
    Reads("SimpleITK.ReadImage", (0, "fileName")),
    Saves("SimpleITK.WriteImage", (1, "fileName"), "data"),
    Reads("rasterio.open", (0, "fp"), mode=(1, "mode")),
    Reads("openslide.OpenSlide", (0, "filename")),
    Reads("decord.VideoReader", (0, "uri")),
    Reads("av.open", (0, "file"), mode=(1, "mode")),
    Reads("laspy.read", (0, "source")),
    Reads("open3d.io.read_*", (0, "filename")),
    Saves("open3d.io.write_*", (0, "filename"), "data"),
    Reads("trimesh.load", (0, "file_obj")),
    *(
        Reads(f"nvidia.dali.{module}readers.*", ("file_root", "path", "filenames", "files"))
        for module in ("fn.", "ops.")
    ),
)

_SOUND: tuple[Row, ...] = (
    Reads("librosa.load", (0, "path")),
    Reads("librosa.core.load", (0, "path")),
    Reads("soundfile.read", (0, "file")),
    Reads("soundfile.SoundFile", (0, "file"), mode=(1, "mode")),
    Saves("soundfile.write", (0, "file"), "data"),
    Reads("pydub.AudioSegment.from_*", (0, "file")),
    Saves("pydub.**.export", (0, "out_f"), "data"),
)

ROWS: tuple[Row, ...] = (*_NUMPY, *_IMAGES, *_SOUND)

LIBRARIES: tuple[Library, ...] = (Library("cupy"),)
