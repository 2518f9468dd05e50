/** The calls about files with message types of Protocol Buffers. */
import { checkTypes } from '../../decode/protocols/payloads/protobuf/check-types.ts'
import { loadSchemas } from '../../decode/protocols/payloads/protobuf/read-schema.ts'
import { Schema } from '../../decode/protocols/payloads/protobuf/schema.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { DecodingEngineMethods } from '../../shared/protocol/decoding.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'

export function schemaCalls(): Handlers<Pick<DecodingEngineMethods, 'messageTypes' | 'checkTypes'>> {
  return {
    messageTypes: ({ files }) => withSchemas(() => new Schema(files).list()),
    checkTypes: ({ options, missing }) => withSchemas(() => checkTypes(options, missing)),
  }
}

/** What is wrong with the files or types becomes a failure. */
async function withSchemas<T>(use: () => T): Promise<T> {
  await loadSchemas()
  try {
    return use()
  } catch (thrown) {
    throw new Failure('BAD_SCHEMA', sentenceOf(thrown))
  }
}
