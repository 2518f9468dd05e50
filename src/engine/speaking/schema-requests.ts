/** Asks GraphQL servers for their schemas, over connections that speak GraphQL. */
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { type Fields, fieldsOf } from '../../shared/fields.ts'
import { type GraphqlSchema, INTROSPECTION, schemaOf } from '../../shared/graphql/schema.ts'
import { type MessageBatch, messagesIn } from '../../shared/message-batch.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'

/** Milliseconds to wait for the answer. */
const PATIENCE = 15_000

export interface SchemaHost {
  /** The messages of an operation. Throws a `Failure` if the connection cannot send it. */
  compose(connection: number, query: string): readonly OutboundMessage[]
  send(connection: number, message: OutboundMessage): void
}

interface Pending {
  readonly connection: number
  /** The id of the operation. */
  readonly id: unknown
  settle(answer: () => GraphqlSchema): void
}

export class SchemaRequests {
  readonly #host: SchemaHost
  readonly #pending = new Set<Pending>()

  constructor(host: SchemaHost) {
    this.#host = host
  }

  /** Rejects with a `Failure`: as sending does, `NO_ANSWER`, `REFUSED`, `BAD_SCHEMA`. */
  async request(connection: number): Promise<GraphqlSchema> {
    const messages = this.#host.compose(connection, INTROSPECTION)
    const [first] = messages
    const id = first && fieldsIn(first.payload).id
    let pending: Pending | undefined
    const answer = new Promise<GraphqlSchema>((resolve, reject) => {
      pending = { connection, id, settle: (read) => settleBy(read, resolve, reject) }
      this.#pending.add(pending)
    })
    const timer = setTimeout(() => pending?.settle(unanswered), PATIENCE)
    try {
      for (const message of messages) this.#host.send(connection, { ...message, automatic: 'protocol' })
      return await answer
    } finally {
      clearTimeout(timer)
      if (pending !== undefined) this.#pending.delete(pending)
    }
  }

  /** Call for each event. */
  appended(event: RealtimeEvent): void {
    for (const pending of this.#pending) {
      if (!('connection' in event) || event.connection !== pending.connection) continue
      if (event.type === 'close') pending.settle(lost)
      else if (event.type === 'message' && event.direction === 'in') answerWith(pending, event.payload)
    }
  }

  /** As `appended`, for the messages of a batch. */
  appendedBatch(connection: number, batch: MessageBatch, time: number): void {
    if (this.#pending.size === 0) return
    for (const message of messagesIn(batch, connection, time)) this.appended(message)
  }
}

function settleBy<T>(read: () => T, resolve: (value: T) => void, reject: (thrown: unknown) => void): void {
  try {
    resolve(read())
  } catch (thrown) {
    reject(thrown)
  }
}

function fieldsIn(payload: Uint8Array): Fields {
  return fieldsOf(tryParseJson(decodeUtf8(payload) ?? ''))
}

/** Settles the request if the message answers it: with a result, errors, or the end of the operation. */
function answerWith(pending: Pending, payload: Uint8Array): void {
  const { id, type, payload: result } = fieldsIn(payload)
  if (id !== pending.id) return
  if (type === 'next' || type === 'data') {
    const { data } = fieldsOf(result)
    pending.settle(() => {
      if (data === undefined || data === null) throw refused()
      return schemaOf(data)
    })
  } else if (type === 'error' || type === 'complete')
    pending.settle(() => {
      throw refused()
    })
}

function refused(): Failure {
  return new Failure(
    'REFUSED',
    'The server does not tell its schema; switch introspection on there, or write the query without completion.',
  )
}

function unanswered(): never {
  throw new Failure(
    'NO_ANSWER',
    `The server did not answer the question for its schema within ${PATIENCE / 1000} s; try again.`,
  )
}

function lost(): never {
  throw new Failure('NOT_OPEN', 'The connection closed before the schema came; try again once it is open.')
}
