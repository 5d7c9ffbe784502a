/** What a checkpoint can be written as for use elsewhere. */
export const EXPORT_FORMATS = ['SAFETENSORS', 'ONNX'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]
