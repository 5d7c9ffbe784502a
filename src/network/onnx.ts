/**
 * Writes ONNX models: the few messages of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3) that a
 * network of convolutions needs, by their field numbers.
 */
import protobuf from 'protobufjs/minimal.js'
import { elementCount } from './weights.js'

type Writer = protobuf.Writer

/** Both are old enough for every runtime that matters and know all operators used here. */
const IR_VERSION = 8
const OPSET_VERSION = 17

const FLOAT = 1
const UINT8 = 2
const INT8 = 3
const INT32 = 6
const ATTRIBUTE_INT = 2
const ATTRIBUTE_INTS = 7

export interface OnnxNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>
}

export interface OnnxTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Uint8Array | Int8Array | Int32Array
}

/** A dimension is a length, or a name where it is known only when the graph runs. */
export interface OnnxValue {
  readonly name: string
  readonly shape: readonly (number | string)[]
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly weights: readonly OnnxTensor[]
  readonly input: OnnxValue
  readonly otherInputs?: readonly OnnxValue[]
  readonly output: OnnxValue
  readonly otherOutputs?: readonly OnnxValue[]
}

/** ModelProto: 1 ir_version, 2 producer_name, 7 graph, 8 opset_import (2 version), 14 metadata_props (1 key, 2 value). */
export function writeOnnx(graph: OnnxGraph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const writer = protobuf.Writer.create()
  int(writer, 1, IR_VERSION)
  text(writer, 2, 'graft')
  message(writer, 7, () => {
    writeGraph(writer, graph)
  })
  message(writer, 8, () => {
    int(writer, 2, OPSET_VERSION)
  })
  for (const [key, value] of Object.entries(metadata))
    message(writer, 14, () => {
      text(writer, 1, key)
      text(writer, 2, value)
    })
  return writer.finish()
}

/** GraphProto: 1 node, 2 name, 5 initializer, 11 input, 12 output. */
function writeGraph(writer: Writer, graph: OnnxGraph): void {
  const { name, nodes, weights, input, otherInputs = [], output, otherOutputs = [] } = graph
  for (const node of nodes)
    message(writer, 1, () => {
      writeNode(writer, node)
    })
  text(writer, 2, name)
  for (const tensor of weights)
    message(writer, 5, () => {
      writeTensor(writer, tensor)
    })
  for (const each of [input, ...otherInputs])
    message(writer, 11, () => {
      writeValue(writer, each)
    })
  for (const each of [output, ...otherOutputs])
    message(writer, 12, () => {
      writeValue(writer, each)
    })
}

/** NodeProto: 1 input, 2 output, 3 name, 4 op_type, 5 attribute. A node is named after its only output. */
function writeNode(writer: Writer, { operator, inputs, output, attributes = {} }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input)
  text(writer, 2, output)
  text(writer, 3, output)
  text(writer, 4, operator)
  for (const [name, value] of Object.entries(attributes))
    message(writer, 5, () => {
      writeAttribute(writer, name, value)
    })
}

/** AttributeProto: 1 name, 3 i, 8 ints, 20 type. */
function writeAttribute(writer: Writer, name: string, value: number | readonly number[]): void {
  text(writer, 1, name)
  if (typeof value === 'number') int(writer, 3, value)
  else for (const each of value) int(writer, 8, each)
  int(writer, 20, typeof value === 'number' ? ATTRIBUTE_INT : ATTRIBUTE_INTS)
}

/** TensorProto: 1 dims, 2 data_type, 8 name, 9 raw_data (little-endian). */
function writeTensor(writer: Writer, { name, shape, data }: OnnxTensor): void {
  if (elementCount(shape) !== data.length) throw new RangeError(`${name} does not fit its shape.`)
  for (const length of shape) int(writer, 1, length)
  int(writer, 2, elementType(data))
  text(writer, 8, name)
  writer.uint32(tag(9, 2)).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}

/** TensorProto.DataType. */
function elementType(data: OnnxTensor['data']): number {
  if (data instanceof Float32Array) return FLOAT
  if (data instanceof Int32Array) return INT32
  return data instanceof Int8Array ? INT8 : UINT8
}

/** ValueInfoProto: 1 name, 2 type; TypeProto: 1 tensor_type; Tensor: 1 elem_type, 2 shape; Shape: 1 dim. */
function writeValue(writer: Writer, { name, shape }: OnnxValue): void {
  text(writer, 1, name)
  message(writer, 2, () => {
    message(writer, 1, () => {
      int(writer, 1, FLOAT)
      message(writer, 2, () => {
        for (const length of shape)
          message(writer, 1, () => {
            writeDimension(writer, length)
          })
      })
    })
  })
}

/** Dimension: 1 dim_value, 2 dim_param. */
function writeDimension(writer: Writer, length: number | string): void {
  if (typeof length === 'number') int(writer, 1, length)
  else text(writer, 2, length)
}

function tag(field: number, wireType: 0 | 2): number {
  return (field << 3) | wireType
}

function int(writer: Writer, field: number, value: number): void {
  writer.uint32(tag(field, 0)).int64(value)
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(tag(field, 2)).string(value)
}

function message(writer: Writer, field: number, write: () => void): void {
  writer.uint32(tag(field, 2)).fork()
  write()
  writer.ldelim()
}
