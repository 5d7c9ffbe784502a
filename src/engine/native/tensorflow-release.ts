/**
 * Which TensorFlow is put under TensorFlow.js, and what of it is needed. The binding's C API is stable, so the binding of
 * 4.22 (made for TensorFlow 2.9) runs on a current library, which the Python wheels carry.
 *
 * Everything keeps the place that it has inside its wheel: TensorFlow's libraries look for CUDA's and for the PTX
 * assembler relative to themselves (`../nvidia/cublas/lib`, ...), so that nobody has to set LD_LIBRARY_PATH.
 */
export interface Wheel {
  /** As pip names it. */
  readonly requirement: string
  /** Of the one file that is fetched, as it was seen when it was pinned. */
  readonly sha256: string
  /** The wheel's platform tag: whatever machine asks, this one file is fetched. */
  readonly platform: string
  readonly bytes: number
  /** Of the files that are kept, unpacked. */
  readonly keptBytes: number
  /** Which files are kept; read by JavaScript and Python alike. */
  readonly keep: RegExp
}

export interface TensorflowRelease {
  /** Name of the folder in the per-user cache. */
  readonly folder: string
  readonly wheels: readonly Wheel[]
}

export type Variant = 'cpu' | 'gpu'

/** Where TensorFlow's two libraries and its headers are below the release's folder. */
export const TENSORFLOW_FOLDER = 'tensorflow'
/** Python's version in the tags of TensorFlow's wheels. */
export const PYTHON_VERSION = '3.11'

const GLIBC = 'manylinux_2_27_x86_64'
/** The two libraries, and the headers that the binding's two source files reach. */
const LIBRARIES =
  /^tensorflow\/(libtensorflow_(cc|framework)\.so\.2|include\/(tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h)$/
/** Libraries, and the PTX assembler with what it reads; no headers. */
const CUDA = /^nvidia\/\w+\/(lib|bin|nvvm)\/.+$/

function cuda(requirement: string, wheel: Omit<Wheel, 'requirement' | 'keep'>): Wheel {
  return { requirement, keep: CUDA, ...wheel }
}

/** What `tensorflow[and-cuda]==2.21.0` requires, each in the newest version of its range when it was pinned. */
const CUDA_WHEELS = [
  cuda('nvidia-cuda-runtime-cu12==12.9.79', {
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
    platform: 'manylinux2014_x86_64',
    bytes: 3_493_179,
    keptBytes: 5.4e6,
  }),
  cuda('nvidia-cublas-cu12==12.9.3.13', {
    sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
    platform: GLIBC,
    bytes: 581_217_458,
    keptBytes: 856e6,
  }),
  cuda('nvidia-cudnn-cu12==9.28.0.42', {
    sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
    platform: GLIBC,
    bytes: 716_538_495,
    keptBytes: 1163e6,
  }),
  cuda('nvidia-cuda-nvrtc-cu12==12.9.86', {
    sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
    platform: 'manylinux2010_x86_64',
    bytes: 89_568_129,
    keptBytes: 228e6,
  }),
  cuda('nvidia-cuda-nvcc-cu12==12.9.86', {
    sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
    platform: 'manylinux2010_x86_64',
    bytes: 40_546_229,
    keptBytes: 99e6,
  }),
  cuda('nvidia-nvjitlink-cu12==12.9.86', {
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
    platform: 'manylinux2010_x86_64',
    bytes: 39_748_338,
    keptBytes: 96e6,
  }),
  cuda('nvidia-cusparse-cu12==12.5.10.65', {
    sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
    platform: 'manylinux2014_x86_64',
    bytes: 366_465_088,
    keptBytes: 487e6,
  }),
  cuda('nvidia-cusolver-cu12==11.7.5.82', {
    sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
    platform: GLIBC,
    bytes: 338_117_415,
    keptBytes: 495e6,
  }),
  cuda('nvidia-cufft-cu12==11.4.1.4', {
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
    platform: 'manylinux2014_x86_64',
    bytes: 200_877_592,
    keptBytes: 294e6,
  }),
  cuda('nvidia-curand-cu12==10.3.10.19', {
    sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
    platform: GLIBC,
    bytes: 68_295_626,
    keptBytes: 167e6,
  }),
  cuda('nvidia-cuda-cupti-cu12==12.9.79', {
    sha256: '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
    platform: 'manylinux_2_25_x86_64',
    bytes: 10_814_997,
    keptBytes: 44e6,
  }),
  cuda('nvidia-nccl-cu12==2.32.3', {
    sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
    platform: GLIBC,
    bytes: 351_526_311,
    keptBytes: 490e6,
  }),
]

/** By variant, then by `${process.platform}-${process.arch}`: the releases that were tried there. */
export const TENSORFLOW_RELEASES: Readonly<Record<Variant, Readonly<Record<string, TensorflowRelease>>>> = {
  cpu: {
    'linux-x64': {
      folder: 'tensorflow-2.21.0-cpu',
      wheels: [
        {
          requirement: 'tensorflow-cpu==2.21.0',
          sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
          platform: GLIBC,
          bytes: 273_829_956,
          keptBytes: 790e6,
          keep: LIBRARIES,
        },
      ],
    },
  },
  gpu: {
    'linux-x64': {
      folder: 'tensorflow-2.21.0-gpu',
      wheels: [
        {
          requirement: 'tensorflow==2.21.0',
          sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
          platform: GLIBC,
          bytes: 572_440_367,
          keptBytes: 1261e6,
          keep: LIBRARIES,
        },
        ...CUDA_WHEELS,
      ],
    },
  },
}
