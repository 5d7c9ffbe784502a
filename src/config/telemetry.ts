/**
 * ONNX Runtime's published packages report every process, session and model to their vendor, and leave an identifier of
 * the machine in the user's cache. They ask this variable once, when their first session is made; nothing else turns all
 * of it off (microsoft/onnxruntime, pull requests 27379 and 29843).
 */
export function forbidTelemetry(env: NodeJS.ProcessEnv = process.env): void {
  env['ORT_DISABLE_TELEMETRY'] = '1'
}
