/**
 * Which TensorFlow is put under TensorFlow.js, and what of it is needed. The binding's C API is stable, so the binding of
 * 4.22 (made for TensorFlow 2.9) runs on a current library, which the Python wheels carry.
 */
export interface TensorflowRelease {
  /** Name of the folder in the per-user cache. */
  folder: string
  /** Wheel as pip names it, with the sha256 that was seen when it was pinned. */
  requirement: string
  sha256: string
  /** The wheel's tags: whatever Python the machine has, this one file is fetched. */
  pythonVersion: string
  wheelPlatform: string
  /** Free bytes needed while it is fetched and unpacked. */
  diskBytes: number
}

/** `${process.platform}-${process.arch}` to the release that was tried there. */
export const TENSORFLOW_RELEASES: Readonly<Record<string, TensorflowRelease>> = {
  'linux-x64': {
    folder: 'tensorflow-2.21.0-cpu-linux-x64',
    requirement: 'tensorflow-cpu==2.21.0',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    pythonVersion: '3.11',
    wheelPlatform: 'manylinux_2_27_x86_64',
    diskBytes: 1.6e9,
  },
}

/** Libraries inside the wheel, and the names under which the linker looks for them. */
export const LIBRARIES = {
  'libtensorflow_cc.so.2': 'libtensorflow.so',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so',
} as const

/** Folders of headers inside the wheel that the binding's two source files reach. */
export const HEADER_FOLDERS = [
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/',
  'tensorflow/include/tsl/platform/',
  'tensorflow/include/xla/tsl/c/',
] as const

/** Node-API version that the binding is compiled for; TensorFlow.js looks for it in `lib/napi-v8`. */
export const NODE_API_VERSION = 8
