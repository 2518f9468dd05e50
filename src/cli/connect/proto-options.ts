/** Reads the options that say of what type the messages of Protocol Buffers are. */
import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { checkTypes } from '../../decode/protocols/payloads/protobuf/check-types.ts'
import {
  foldersUpTo,
  readSchemas,
  type SchemaPlace,
} from '../../decode/protocols/payloads/protobuf/imports.ts'
import { loadSchemas } from '../../decode/protocols/payloads/protobuf/read-schema.ts'
import { sentenceOf } from '../../shared/failure.ts'
import { type DecoderOptions, PROTOBUF } from '../../shared/protocol/decoding.ts'
import { UsageError } from '../command-line.ts'
import { readOptionFile } from './option-files.ts'

export interface ProtoOptions {
  readonly decoder?: string
  /** Files. */
  readonly proto?: readonly string[]
  readonly protoMessage?: readonly string[]
}

/** The options of the decoder. Undefined if none are given. Throws a `UsageError`. */
export async function readProtoOptions({
  decoder = PROTOBUF,
  proto = [],
  protoMessage = [],
}: ProtoOptions): Promise<DecoderOptions | undefined> {
  if (proto.length === 0 && protoMessage.length === 0) return undefined
  if (proto.length === 0) throw new UsageError('--proto-message names a type in a file; add --proto FILE.')
  if (protoMessage.length === 0)
    throw new UsageError('--proto needs the type of the messages; add --proto-message NAME.')
  if (decoder !== PROTOBUF)
    throw new UsageError(
      `--proto is for the decoder ${PROTOBUF}, and --decoder is ${decoder}; leave out one.`,
    )
  const message = messageOf(protoMessage)
  try {
    const { files, missing } = await readSchemas(proto, HERE)
    await loadSchemas()
    checkTypes({ files, message }, missing)
    return { files, message }
  } catch (thrown) {
    throw new UsageError(sentenceOf(thrown))
  }
}

/** Files by their paths. Imports are looked for in the folder of a file, and in those above it up to the current one. */
const HERE: SchemaPlace<string> = {
  nameOf: (file) => {
    const path = relative('.', file) || '.'
    return path.startsWith('..') ? resolve(file) : path
  },
  join,
  foldersOf: (file) => foldersUpTo(dirname(resolve(file)), resolve('.'), dirname),
  read: async (file) => (existsSync(file) ? await readOptionFile(file, '--proto') : undefined),
}

function messageOf(given: readonly string[]): string | Readonly<Record<string, string>> {
  const byDirection = new Map<string, string>()
  for (const each of given) {
    const [, direction = '', name = ''] = /^(?:(in|out):)?(.*)$/s.exec(each) ?? []
    if (name === '') throw new UsageError('--proto-message needs the name of a type.')
    if (byDirection.has(direction) || (byDirection.size > 0 && byDirection.has('') !== (direction === '')))
      throw new UsageError('Give --proto-message once, or once with in: and once with out:.')
    byDirection.set(direction, name)
  }
  return byDirection.get('') ?? Object.fromEntries(byDirection)
}
