/** Writes connections into files of requests: a new request, an edited one, or one more message. */
import * as vscode from 'vscode'
import { addMessage, addRequest } from '../../../request/file/add.ts'
import { parseRequestFile } from '../../../request/file/parse.ts'
import { replaceRequest } from '../../../request/file/replace.ts'
import { requestNamed } from '../../../request/file/request-names.ts'
import { originVariable } from '../../../request/saving/origin-variable.ts'
import { SecretNames } from '../../../request/saving/secret-names.ts'
import { sentSteps } from '../../../request/saving/sent-steps.ts'
import { updatedRequest } from '../../../request/saving/updated-request.ts'
import { textWithPlaceholders, withPlaceholders } from '../../../request/saving/with-placeholders.ts'
import { writtenKeepAlive, writtenRules } from '../../../request/saving/written-rules.ts'
import type { ComposedMessage } from '../../../shared/compose/compose.ts'
import { Failure } from '../../../shared/failure.ts'
import { fieldsOf } from '../../../shared/fields.ts'
import type { ScriptStep } from '../../../shared/request-script.ts'
import { hidesKnown } from '../../../shared/secrets/hidden-payload.ts'
import type { ConnectionSpec } from '../../../shared/spec.ts'
import type { ConnectionStatus } from '../../../shared/status.ts'
import { askText } from '../../ui/asking.ts'
import type { Notifier } from '../../ui/notifier.ts'
import type { Environments } from '../environments.ts'
import { publicVariables } from '../public-variables.ts'
import type { RequestIndex } from '../request-index.ts'
import { findRequest, type RequestReference, type RequestRuns } from '../request-runs.ts'
import type { RequestSecrets } from '../request-secrets.ts'
import { askHost, askMessages, askToKeep } from './ask-kept.ts'
import { askName, askRequestFile } from './ask-where.ts'
import { change } from './change-file.ts'
import { askSource, readSource, type SaveSource, type SourceOptions } from './save-source.ts'

export interface RequestSaverOptions extends SourceOptions {
  readonly index: RequestIndex
  readonly environments: Environments
  readonly requestSecrets: RequestSecrets
  readonly runs: RequestRuns
  readonly notifier: Notifier
}

/** Bytes of a message that is kept. */
const MAX_MESSAGE = 1024 * 1024

export class RequestSaver {
  readonly #options: RequestSaverOptions

  constructor(options: RequestSaverOptions) {
    this.#options = options
  }

  /** Asks what is missing, and writes a request. Rejects with a `Failure`, or with `CANCELLED`. */
  async save(given?: SaveSource): Promise<RequestReference> {
    const { index, environments, requestSecrets, runs } = this.#options
    const source = given ?? (await askSource(this.#options))
    const { connection, name: proposed, spec, sent, omitted } = await readSource(this.#options, source)
    const uri = await askRequestFile(index)
    const file = await index.fileOrNew(uri)
    const name = await askName(file, proposed === '' ? hostOf(spec) : proposed)
    const kept = await askMessages(sent, omitted)
    const secrets = await this.#secretNames(name, connection)
    const written = withPlaceholders(spec, secrets)
    const steps = sentSteps(kept, secrets)
    const variables = await publicVariables(environments, file)
    const url = await askHost(written.url, originVariable(written.url, variables))
    await askToKeep(secrets.used, requestSecrets)
    const status = connection === undefined ? undefined : this.#statusOf(connection)
    const keepAlive = status && writtenKeepAlive(status)
    const request = {
      ...{ name, spec: { ...written, url }, steps, hasPlaceholders: true },
      ...(status !== undefined && { rules: writtenRules(status) }),
      ...(keepAlive !== undefined && { keepAlive }),
    }
    await change(uri, (text) => {
      const edit = addRequest(text, request)
      const line = edit.text.search(/^[^#\s]/m)
      return { edits: [edit], cursor: edit.start + Math.max(0, line) }
    })
    if (connection !== undefined) runs.adopt(connection, { uri, name })
    this.#tellCertificates(spec)
    return { uri, name }
  }

  /**
   * Changes the request of a connection to what the user has edited. Resolves to false if the user cancels. Rejects with a
   * `Failure`.
   */
  async update(connection: number, edited: ConnectionSpec): Promise<boolean> {
    const { session, index, requestSecrets } = this.#options
    const reference = this.#requestOf(connection)
    const resolved = session.specOf(connection)
    if (resolved === undefined)
      throw new Failure(
        'NO_CONNECTION',
        vscode.l10n.t('That connection is no longer known. Run the request again.'),
      )
    const { request, at } = findRequest(await index.fileAt(reference.uri), reference.name)
    const secrets = await this.#secretNames(reference.name, connection)
    const { before, after } = updatedRequest(request, resolved, edited, secrets)
    await askToKeep(secrets.used, requestSecrets)
    const status = this.#statusOf(connection)
    const rules = status?.rules === undefined ? {} : { rules: writtenRules(status) }
    await change(reference.uri, (text) => ({
      edits: replaceRequest(text, at, { ...after, ...rules }, before),
      cursor: request.line.start,
    }))
    return true
  }

  /** Adds a message to the request of a connection. Asks for its name if that is null. */
  async keepMessage(
    connection: number,
    message: ComposedMessage | { readonly index: number },
    given: string | null,
  ): Promise<boolean> {
    const { requestSecrets } = this.#options
    const reference = this.#requestOf(connection)
    const composed = 'index' in message ? await this.#sentAt(message.index) : message
    const name = given ?? (await this.#askMessageName(reference.name))
    const secrets = await this.#secretNames(reference.name, connection)
    const { format, text } = composed
    const isText = format === 'text' || format === 'json'
    const step: ScriptStep = {
      kind: 'send',
      ...(name !== '' && { name }),
      message: { format, text: isText ? textWithPlaceholders(text, secrets) : text, variables: {} },
    }
    await askToKeep(secrets.used, requestSecrets)
    await change(reference.uri, (current) => {
      const { requests } = parseRequestFile(current)
      const edit = addMessage(current, requestNamed(requests, reference.name), step)
      return { edits: [edit], cursor: edit.start + edit.text.length }
    })
    return true
  }

  #statusOf(connection: number): ConnectionStatus | undefined {
    return this.#options.session.status?.connections.find(({ id }) => id === connection)
  }

  #requestOf(connection: number): RequestReference {
    const reference = this.#options.runs.requestOf(connection)
    if (reference !== undefined) return reference
    throw new Failure(
      'NO_REQUEST',
      vscode.l10n.t('The connection was not opened from a request file. Save it as a request first.'),
    )
  }

  /** An event of the session as a message to send. */
  async #sentAt(index: number): Promise<ComposedMessage> {
    const detail = await this.#options.session.call('detail', { index, maxBytes: MAX_MESSAGE })
    if (detail.payload === undefined || detail.size > MAX_MESSAGE)
      throw new Failure(
        'NO_PAYLOAD',
        vscode.l10n.t('The message is too large to keep in a request file, or is no longer there.'),
      )
    const { payload, fields } = detail
    if (hidesKnown({ payload, extra: fieldsOf(fields.extra) }))
      throw new Failure(
        'MASKED',
        vscode.l10n.t(
          'The message has a secret, which is not stored. Write it as {0} and keep that.',
          '{{$secret NAME}}',
        ),
      )
    const bytes = Buffer.from(payload)
    return fields.opcode === 'binary'
      ? { format: 'base64', text: bytes.toString('base64') }
      : { format: 'text', text: bytes.toString() }
  }

  async #askMessageName(request: string): Promise<string> {
    const name = await askText({
      title: vscode.l10n.t('Keep the Message in “{0}”', request),
      prompt: vscode.l10n.t('The name of the message (optional)'),
    })
    return name.trim()
  }

  async #secretNames(prefix: string, connection: number | undefined): Promise<SecretNames> {
    const { requestSecrets, runs } = this.#options
    const own = connection === undefined ? [] : runs.secretsOf(connection)
    return new SecretNames({
      prefix,
      known: new Map([...(await requestSecrets.values()), ...own]),
      taken: requestSecrets.names(),
    })
  }

  #tellCertificates({ tls }: ConnectionSpec): void {
    if (tls?.ca === undefined && tls?.cert === undefined && tls?.key === undefined) return
    this.#options.notifier.warning(
      vscode.l10n.t(
        'The certificates were not written into the request. Add {0} with the paths of their files.',
        '# @option ca, cert, key',
      ),
    )
  }
}

/** The host of the URL, which may have placeholders. */
function hostOf({ url }: ConnectionSpec): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
