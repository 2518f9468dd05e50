/**
 * The Protobuf message types that the user has chosen. The workspace remembers them by the URL of the connection, so that
 * later connections to it are decoded by them, and recordings, too. Files are read again each time.
 */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { readSchemas } from '../../decode/protocols/payloads/protobuf/imports.ts'
import { Failure } from '../../shared/failure.ts'
import { type MessageChoice, PROTOBUF } from '../../shared/protocol/decoding.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import { recall, remember, rememberedFile, SCHEMA_PLACE } from '../files/schema-files.ts'
import type { Notifier } from '../ui/notifier.ts'
import type { EngineSession } from './engine-session.ts'

const KEY = 'messageTypes'
const MAX_REMEMBERED = 100

const envelope = v.object({
  envelope: v.string(),
  type: v.string(),
  payload: v.string(),
  types: v.exactOptional(v.record(v.string(), v.string())),
})
const messageType = v.union([v.string(), envelope])
const remembered = v.object({
  /** With secrets masked. */
  url: v.string(),
  files: v.array(rememberedFile),
  message: v.union([
    messageType,
    v.strictObject({ in: v.exactOptional(messageType), out: v.exactOptional(messageType) }),
  ]),
})
type Remembered = v.InferOutput<typeof remembered>

export interface ChosenTypes {
  readonly files: readonly vscode.Uri[]
  readonly message: MessageChoice
}

export class MessageTypes {
  readonly #memento: vscode.Memento
  readonly #notifier: Notifier

  constructor(memento: vscode.Memento, notifier: Notifier) {
    this.#memento = memento
    this.#notifier = notifier
  }

  /** Decodes a connection by types, and remembers them. Throws a `Failure` if the files do not have them. */
  async choose(session: EngineSession, connection: number, chosen: ChosenTypes): Promise<void> {
    await decode(session, connection, chosen)
    const url = urlOf(session, connection)
    if (url === undefined) return
    const entry: Remembered = { url, files: chosen.files.map(remember), message: chosen.message }
    await this.#memento.update(KEY, [entry, ...this.#without(url)].slice(0, MAX_REMEMBERED))
  }

  /** The user decodes a connection in another way. */
  async forget(session: EngineSession, connection: number): Promise<void> {
    const url = urlOf(session, connection)
    if (url !== undefined && this.#find(url) !== undefined)
      await this.#memento.update(KEY, this.#without(url))
  }

  /** Decodes the connections of a session by the types of their URLs, as they appear. */
  follow(session: EngineSession): vscode.Disposable {
    const seen = new Set<number>()
    return vscode.Disposable.from(
      session.onStart(() => seen.clear()),
      session.onStatus(() => {
        for (const connection of session.connections) {
          if (seen.has(connection.id)) continue
          seen.add(connection.id)
          if ([undefined, PROTOBUF].includes(session.decoderOf(connection.id)))
            void this.#restore(session, connection)
        }
      }),
    )
  }

  /** Without its types, a connection is decoded as Protobuf anyway. */
  async #restore(session: EngineSession, { id, url }: ConnectionStatus): Promise<void> {
    const found = this.#find(maskUrl(url))
    if (found === undefined) return
    try {
      await decode(session, id, { files: found.files.map(recall), message: found.message })
    } catch (thrown) {
      if (!(thrown instanceof Failure)) this.#notifier.internal(thrown)
      else if (thrown.code !== 'CLOSED') await this.#showWireTypes(session, id, thrown)
    }
  }

  async #showWireTypes(session: EngineSession, connection: number, { message }: Failure): Promise<void> {
    this.#notifier.warning(
      vscode.l10n.t(
        'Messages of {0} are shown without their types. {1}',
        urlOf(session, connection) ?? '',
        message,
      ),
    )
    await session
      .call('setDecoder', { connection, decoder: PROTOBUF })
      .catch((thrown) => this.#notifier.internal(thrown))
  }

  #all(): readonly Remembered[] {
    const list: unknown = this.#memento.get(KEY)
    return (Array.isArray(list) ? list : []).filter((entry) => v.is(remembered, entry))
  }

  #find(url: string): Remembered | undefined {
    return this.#all().find((entry) => entry.url === url)
  }

  #without(url: string): readonly Remembered[] {
    return this.#all().filter((entry) => entry.url !== url)
  }
}

async function decode(session: EngineSession, connection: number, chosen: ChosenTypes): Promise<void> {
  const { files, missing } = await readSchemas(chosen.files, SCHEMA_PLACE)
  const options = { files, message: chosen.message }
  await session.call('checkTypes', { options, missing })
  await session.call('setDecoder', { connection, decoder: PROTOBUF, options: { ...options } })
}

/** The URL of a connection with secrets masked. */
function urlOf(session: EngineSession, connection: number): string | undefined {
  const status = session.connections.find(({ id }) => id === connection)
  return status && maskUrl(status.url)
}
