/**
 * What TensorFlow on an NVIDIA GPU reads from the environment when it starts. A user's own value stays.
 *
 * - It takes memory as needed: else the first slot would take all of it.
 * - Its operations repeat themselves to the bit: a run that was taken over ends as it would have.
 * - Products keep single precision: TensorFloat-32 has 10 bits, too few for figures that should agree with a processor's.
 */
export function settleGpu(env: NodeJS.ProcessEnv = process.env): void {
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  env['TF_DETERMINISTIC_OPS'] ??= '1'
  env['NVIDIA_TF32_OVERRIDE'] ??= '0'
}
