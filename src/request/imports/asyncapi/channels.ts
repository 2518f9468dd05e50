/** The channels of an AsyncAPI document, with the messages that a client sends on them. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { listOf, textOf } from '../foreign-values.ts'
import type { AsyncDocument, Resolved } from './document.ts'

export interface AsyncMessage {
  readonly name: string
  readonly contentType: string
  /** Undefined if it has no example. */
  readonly example: unknown
}

export interface AsyncChannel {
  readonly name: string
  readonly address: string
  readonly description: string
  readonly parameters: unknown
  readonly bindings: Fields
  /** Of its operations. */
  readonly operationBindings: readonly Fields[]
  /** Places or names of the servers that have it; empty for all of them. */
  readonly servers: readonly string[]
  /** Those that a client sends. */
  readonly sent: readonly AsyncMessage[]
  /** Those that a client receives. */
  readonly received: readonly AsyncMessage[]
}

/** Messages of one channel that are read. */
const MAX_MESSAGES = 200

export function channelsOf(document: AsyncDocument): AsyncChannel[] {
  return document.version >= 3 ? channels3(document) : channels2(document)
}

/** `publish` is what a client sends, `subscribe` what it receives. */
function channels2(document: AsyncDocument): AsyncChannel[] {
  return document.members(document.root.channels).map(([address, { fields }]) => {
    const [publish, subscribe] = [
      document.resolve(fields.publish).fields,
      document.resolve(fields.subscribe).fields,
    ]
    return {
      ...commonOf(document, address, fields),
      address,
      operationBindings: [publish, subscribe].map(({ bindings }) => document.resolve(bindings).fields),
      servers: listOf(fields.servers).map((name) => `#/servers/${textOf(name)}`),
      sent: messagesOf(document, [publish.message]),
      received: messagesOf(document, [subscribe.message]),
    }
  })
}

/** The document describes the application that the client talks to: what that receives, the client sends. */
function channels3(document: AsyncDocument): AsyncChannel[] {
  const operations = document.members(document.root.operations).map(([, { fields }]) => fields)
  return document.members(document.root.channels).map(([name, { fields, place }]) => {
    const places = [`#/channels/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, place]
    const own = operations.filter(({ channel }) => places.includes(placeOf(channel)))
    const messages = (action: string) =>
      own
        .filter((operation) => operation.action === action)
        .flatMap((operation) =>
          listOf(operation.messages ?? Object.values(document.resolve(fields.messages).fields)),
        )
    const replies = operations
      .map(({ reply }) => document.resolve(reply).fields)
      .filter(({ channel }) => places.includes(placeOf(channel)))
    return {
      ...commonOf(document, name, fields),
      address: textOf(fields.address),
      operationBindings: own.map(({ bindings }) => document.resolve(bindings).fields),
      servers: listOf(fields.servers).map(placeOf),
      sent: messagesOf(document, messages('receive')),
      received: messagesOf(document, [
        ...messages('send'),
        ...replies.flatMap((reply) => listOf(reply.messages)),
      ]),
    }
  })
}

function placeOf(value: unknown): string {
  return textOf(fieldsOf(value).$ref)
}

function commonOf(document: AsyncDocument, name: string, fields: Fields) {
  return {
    name,
    description: textOf(fields.description) || textOf(fields.summary) || textOf(fields.title),
    parameters: fields.parameters,
    bindings: document.resolve(fields.bindings).fields,
  }
}

/** One of several messages is each of them. */
function messagesOf(document: AsyncDocument, values: readonly unknown[]): AsyncMessage[] {
  const messages: AsyncMessage[] = []
  for (const value of values) {
    const resolved = document.resolve(value)
    const several = listOf(resolved.fields.oneOf)
    const all = several.length > 0 ? several.map((each) => document.resolve(each)) : [resolved]
    for (const each of all)
      if (messages.length < MAX_MESSAGES && Object.keys(each.fields).length > 0)
        messages.push(messageOf(document, each))
  }
  return messages
}

function messageOf(document: AsyncDocument, { fields, place }: Resolved): AsyncMessage {
  const name = textOf(fields.name) || textOf(fields.messageId) || (place.split('/').at(-1) ?? '')
  return {
    name,
    contentType: textOf(fields.contentType) || textOf(document.root.defaultContentType),
    example: exampleOfMessage(document, fields),
  }
}

/** Of the message, else of its schema. */
function exampleOfMessage(document: AsyncDocument, fields: Fields): unknown {
  const payloads = listOf(fields.examples).map((each) => fieldsOf(each).payload)
  const written = payloads.find((payload) => payload !== undefined)
  if (written !== undefined) return written
  const payload = document.resolve(fields.payload).fields
  // A schema in another language has its format beside it.
  const schema = payload.schema === undefined ? payload : document.resolve(payload.schema).fields
  return [...listOf(schema.examples), schema.example, schema.default, schema.const].find(
    (each) => each !== undefined,
  )
}
